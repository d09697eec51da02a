"""The engine learns a rule and applies it to rows it has never seen."""

from __future__ import annotations

import nano_kiosk
from fttui.engine.nano.generation import GenerationSettings, generate
from fttui.engine.nano.model import Model
from fttui.engine.nano.rendering import Message, render_example, render_prompt
from fttui.engine.nano.training import TrainingRun, resolve_settings


def says(model: Model, chat: list[Message]) -> str:
    prompt = render_prompt(chat[:-1], model.tokenizer, model.config.context)
    return "".join(step.text for step in generate(model, prompt, GenerationSettings(temperature=0, max_tokens=60)))


def test_a_rule_is_learned_from_300_rows_and_holds_on_120_others(base: Model) -> None:
    rows = nano_kiosk.rows(420, seed=11)
    held_out = rows[300:]
    train = [render_example(row, base.tokenizer, base.config.context) for row in rows[:300]]
    valid = [render_example(row, base.tokenizer, base.config.context) for row in held_out]
    run = TrainingRun.start(base, train, valid, resolve_settings(len(train), None, None, None, seed=7))

    metrics = [run.advance() for _ in range(run.total_steps)]
    exact = [says(run.model, row) == row[-1]["content"] for row in held_out]

    assert sum(exact) / len(exact) >= 0.95
    assert metrics[-1].full_valid_loss is not None
    assert metrics[-1].full_valid_loss < 0.05
    assert not any(says(base, row) == row[-1]["content"] for row in held_out[:5])
