"""Talk to a model: one question, or line by line."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from typing import TYPE_CHECKING

import click

from fttui.cli.deployment import settle_deployment
from fttui.cli.ending import tell_end
from fttui.cli.frame import ExitCode, emit_json, is_interactive, json_option, profile_option, talk, with_services
from fttui.domain.chat.conversation import Conversation, Ending, SamplingSettings, Turn
from fttui.domain.chat.sampling import MOST_STOPS
from fttui.domain.errors import ProviderError, UsageError
from fttui.domain.text import safe

if TYPE_CHECKING:
    from fttui.services.container import Services

_QUESTION_LIMIT = 16 << 20
"""Characters of a question read from standard input."""
_GOOD_ENDINGS = frozenset({Ending.STOP, Ending.LENGTH, Ending.TOOL_CALLS})


@click.command("chat")
@click.argument("message", required=False)
@click.option("--model", required=True, help="The model: a base, a tuned one, or a checkpoint.")
@click.option("--system", default="", help="The system prompt.")
@click.option("--temperature", type=click.FloatRange(0, 2), help="0 always takes the likeliest token.")
@click.option("--top-p", type=click.FloatRange(0, 1), help="Draw from the likeliest tokens that make up this share.")
@click.option("--max-tokens", type=click.IntRange(1), help="The longest reply to ask for.")
@click.option("--stop", multiple=True, help=f"End the reply at this text; up to {MOST_STOPS} times.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="The same seed draws the same reply.")
@profile_option
@json_option
def command(
    message: str | None,
    model: str,
    system: str,
    temperature: float | None,
    top_p: float | None,
    max_tokens: int | None,
    stop: tuple[str, ...],
    seed: int | None,
    profile: str | None,
    as_json: bool,
) -> int:
    """Talk to a model.

    MESSAGE is asked and the reply streams to standard output. Without one it is read from standard input, or, on
    a terminal, a conversation goes on line by line until Ctrl+D; Ctrl+C stops a reply.
    """
    if len(stop) > MOST_STOPS:
        raise UsageError(f"At most {MOST_STOPS} stop texts")
    sampling = SamplingSettings(temperature, top_p, max_tokens, stop, seed)
    conversation = Conversation(model, system)
    if message is None and is_interactive() and not as_json:
        return _converse(conversation, sampling, profile)
    question = message if message is not None else sys.stdin.read(_QUESTION_LIMIT).removesuffix("\n")
    if not question.strip():
        raise UsageError("There is no question", hint="Give it as MESSAGE, or on standard input.")

    async def work(services: Services) -> Conversation:
        return await _reply(services, conversation.ask(question), sampling, profile, show=not as_json)

    reply = with_services(work).turns[-1]
    if as_json:
        emit_json({"model": model, "message": question, "reply": reply})
    return _told_ending(reply)


async def _reply(
    services: Services,
    conversation: Conversation,
    sampling: SamplingSettings,
    profile: str | None,
    *,
    show: bool,
    stop: asyncio.Event | None = None,
) -> Conversation:
    from fttui.services.chat.talk import stream_reply

    settle_deployment(services, profile, conversation.model)
    if show and len(conversation.turns) <= 2:
        tell_end(services, profile, conversation.model)
    provider = await services.provider(profile)
    shown = 0
    async for grown in stream_reply(provider, conversation, sampling, services.clock, stop=stop):
        conversation = grown
        if show:
            text = conversation.turns[-1].text
            click.echo(safe(text[shown:]), nl=False)
            shown = len(text)
    if show:
        click.echo()
    return conversation


def _told_ending(reply: Turn) -> ExitCode:
    if reply.ending in _GOOD_ENDINGS:
        return ExitCode.GOOD
    if reply.ending is Ending.STOPPED:
        return ExitCode.INTERRUPTED
    talk("The reply was held back by the provider." if reply.ending is Ending.FILTERED else "The reply was cut off.")
    return ExitCode.BAD_ANSWER


def _converse(conversation: Conversation, sampling: SamplingSettings, profile: str | None) -> int:
    from fttui.services.container import Services

    with contextlib.suppress(ImportError):
        # Line editing and history, where Python was built with it.
        import readline  # noqa: F401
    services = Services.open()
    with asyncio.Runner() as runner:
        try:
            while (question := _asked()) is not None:
                if question.strip():
                    conversation = _answered(runner, services, conversation.ask(question), sampling, profile)
        finally:
            runner.run(services.close(keep_engine=True))
    return ExitCode.GOOD


def _asked() -> str | None:
    try:
        return input("> ")
    except EOFError:
        click.echo()
        return None


def _answered(
    runner: asyncio.Runner,
    services: Services,
    conversation: Conversation,
    sampling: SamplingSettings,
    profile: str | None,
) -> Conversation:
    async def work() -> Conversation:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, stop.set)
        try:
            return await _reply(services, conversation, sampling, profile, show=True, stop=stop)
        finally:
            loop.remove_signal_handler(signal.SIGINT)

    try:
        answered = runner.run(work())
    except ProviderError as error:
        talk(f"{error.title}: {error.message}")
        return conversation.take_back()[0]
    reply = answered.turns[-1]
    if reply.ending is Ending.STOPPED:
        talk("Stopped.")
    else:
        _told_ending(reply)
    return answered
