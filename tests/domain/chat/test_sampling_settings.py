from __future__ import annotations

import pytest

from fttui.domain.chat.conversation import SamplingSettings
from fttui.domain.chat.sampling import read_sampling, typed


def test_nothing_typed_leaves_every_choice_to_the_provider() -> None:
    assert read_sampling({}) == (SamplingSettings(), {})


def test_what_was_read_is_typed_again_as_it_was() -> None:
    settings = SamplingSettings(temperature=0.7, top_p=0.9, max_tokens=64, stop=("\n", "the end"), seed=2147483647)

    assert read_sampling(typed(settings)) == (settings, {})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("temperature", "2.1", id="above the range"),
        pytest.param("temperature", "nan", id="not a number at all"),
        pytest.param("top_p", "-0.1", id="below the range"),
        pytest.param("max_tokens", "1.5", id="not whole"),
        pytest.param("seed", "seven", id="a word"),
        pytest.param("stop", "a b c d e", id="too many stop texts"),
    ],
)
def test_a_wrong_entry_is_named_beside_its_field_and_nothing_is_taken(name: str, text: str) -> None:
    settings, wrong = read_sampling({name: text})

    assert settings is None
    assert list(wrong) == [name]
