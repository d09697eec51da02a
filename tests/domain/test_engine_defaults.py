"""What the form says the embedded engine will choose is what it chooses."""

from __future__ import annotations

import pytest

from fttui.domain.jobs import engine_defaults
from fttui.engine.nano.training import resolve_settings


@pytest.mark.parametrize("examples", [1, 10, 12, 48, 100, 240, 500, 5_000, 100_000])
def test_the_engine_chooses_what_was_foretold(examples: int) -> None:
    chosen = resolve_settings(examples, None, None, None, seed=1)

    assert chosen.n_epochs == engine_defaults.auto_epochs(examples)
    assert chosen.batch_size == engine_defaults.auto_batch_size(examples)
