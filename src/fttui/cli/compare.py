"""The same question to a tuned model and to its base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from fttui.cli.deployment import settle_deployment
from fttui.cli.ending import tell_end
from fttui.cli.frame import ExitCode, emit_json, json_option, profile_option, say, with_services
from fttui.domain.chat.conversation import Conversation, SamplingSettings
from fttui.domain.errors import UsageError
from fttui.domain.remote import base_model_of
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.services.container import Services


@click.command("compare")
@click.argument("message")
@click.option("--model", required=True, help="The tuned model.")
@click.option("--base", help="The model to compare with; the tuned model's base if absent.")
@click.option("--system", default="", help="The system prompt for both.")
@click.option("--temperature", type=click.FloatRange(0, 2), default=0.0, show_default=True)
@click.option("--max-tokens", type=click.IntRange(1), default=256, show_default=True)
@profile_option
@json_option
def command(
    message: str,
    model: str,
    base: str | None,
    system: str,
    temperature: float,
    max_tokens: int,
    profile: str | None,
    as_json: bool,
) -> int:
    """Ask a tuned model and its base the same question."""
    other = base or base_model_of(model)
    if other == model:
        raise UsageError(
            f"{safe_line(model)} is no tuned model, so it has no base to compare with", hint="Name one with --base."
        )
    sampling = SamplingSettings(temperature=temperature, max_tokens=max_tokens)

    async def work(services: Services) -> Sequence[Conversation]:
        from fttui.services.chat.side_by_side import answers

        for name in (other, model):
            settle_deployment(services, profile, name)
            if not as_json:
                tell_end(services, profile, name)
        provider = await services.provider(profile)
        models = (other, model)
        return await answers(provider, models, message, system=system, sampling=sampling, clock=services.clock)

    conversations = with_services(work)
    if as_json:
        replies = [(conversation.model, conversation.turns[-1]) for conversation in conversations]
        emit_json({"question": message, "answers": [{"model": name, "reply": reply} for name, reply in replies]})
    else:
        for conversation in conversations:
            say(f"{safe_line(conversation.model)}:")
            say(f"  {conversation.turns[-1].text}")
    return ExitCode.GOOD
