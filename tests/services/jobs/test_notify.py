"""The end of a job told outside the program: once, by the person's own command, without a shell and without keys."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from costs_journal import DONE
from fttui.domain.jobs.feed import JobFeed, JobUpdate
from fttui.domain.jobs.job import Checkpoint, JobFailure
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.notify import End, claim, desktop_sequence, end_of, filled_in, run_command

END = End("openai", DONE, "$0.81")
ENVIRON = {"PATH": "/usr/bin:/bin", "OPENAI_API_KEY": "sk-secret", "TERM": "xterm-256color"}


def test_a_job_that_goes_on_has_no_end() -> None:
    assert end_of("openai", JobFeed().apply(JobUpdate(replace(DONE, status="running")))) is None


def test_the_end_names_cost_best_checkpoint_and_next_step() -> None:
    kept = [
        Checkpoint(f"c{step}", DONE.id, f"ft:x:ckpt-step-{step}", step, 0, {"full_valid_loss": loss})
        for step, loss in ((1, 0.4), (2, 0.3), (3, 0.5))
    ]
    end = end_of("openai", JobFeed().apply(JobUpdate(DONE, checkpoints=tuple(kept))), "$0.81")

    assert end is not None
    assert list(end.lines()) == [
        "ftjob-more succeeded",
        "cost $0.81",
        "best checkpoint ft:x:ckpt-step-2",
        f"Talk to it: fttui chat --model {DONE.fine_tuned_model}",
        f'Hold it against its base: fttui compare --model {DONE.fine_tuned_model} "a question"',
    ]


def test_the_last_checkpoint_is_not_named_twice() -> None:
    assert list(replace(END, best=DONE.fine_tuned_model or "").outcome) == ["cost $0.81"]


def test_the_end_of_a_job_that_failed_says_why_and_where_to_look() -> None:
    failed = replace(DONE, status="failed", fine_tuned_model=None, failure=JobFailure("bad_file", "Line 7 is empty"))

    assert list(End("openai", failed).lines()) == [
        "ftjob-more failed",
        "bad_file: Line 7 is empty",
        "See its log: fttui jobs show ftjob-more",
    ]


async def test_only_the_first_who_asks_tells_of_an_end_whichever_program_that_is(tmp_path: Path) -> None:
    one, other = Journal(tmp_path / "journal.db"), Journal(tmp_path / "journal.db")

    assert [await claim(one, END), await claim(other, END), await claim(one, END)] == [True, False, False]
    assert await claim(other, replace(END, profile="local"))


def test_words_are_filled_in_once_and_foreign_ones_are_made_safe() -> None:
    job = replace(DONE, status="{model}\x1b[2J", fine_tuned_model="m")

    assert filled_in(["say", "{job}:{status}", "{other}"], End("openai", job))[1] == "ftjob-more:{model}␛[2J"
    assert filled_in(["{other}"], END) == ["{other}"]


async def test_the_command_runs_as_it_is_written_with_what_is_known_and_without_keys(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = "import os,sys; open(sys.argv[1],'w').write('|'.join([sys.argv[2], *sorted(os.environ)]))"
    complaint = await run_command([sys.executable, "-c", code, str(out), "{job} $HOME; `id`"], END, ENVIRON)
    told, *names = out.read_text().split("|")

    assert complaint == ""
    assert told == "ftjob-more $HOME; `id`"
    assert {"FTTUI_JOB", "FTTUI_STATUS", "FTTUI_MODEL", "FTTUI_PROFILE"} <= set(names)
    assert "OPENAI_API_KEY" not in names


async def test_a_command_that_fails_or_is_not_there_is_complained_of() -> None:
    assert await run_command(["/bin/sh", "-c", "exit 3"], END, ENVIRON) == "notify_command ended with 3"
    assert "could not be started" in await run_command(["/no/such/program"], END, ENVIRON)
    assert await run_command([], END, ENVIRON) == ""


def test_a_terminal_is_told_in_safe_words_and_one_that_would_print_them_is_not() -> None:
    hostile = replace(END, job=replace(DONE, id="x\x07\x1b]0;evil\x07"))

    assert desktop_sequence(END, ENVIRON) == "\x1b]9;fttui: ftjob-more succeeded\x07"
    assert desktop_sequence(hostile, ENVIRON).count("\x07") == 1
    assert desktop_sequence(END, {"TERM": "linux"}) == ""
    assert desktop_sequence(END, {**ENVIRON, "TMUX": "x"}).startswith("\x1bPtmux;\x1b\x1b]9;")
