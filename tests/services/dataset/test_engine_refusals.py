"""What the embedded server refuses, the check calls an error by the server's rules: no surprise after the upload."""

from __future__ import annotations

from pathlib import Path

import pytest

from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.ruling import Ruling
from fttui.domain.profiles.capabilities import capabilities_of
from fttui.domain.profiles.profile import LOCAL
from fttui.engine.worker.training_file import BadFileError, ExampleFile
from fttui.services.dataset.tokenizer import counter_for
from fttui.services.dataset.validation import validate

DEFECTS = Path(__file__).parent / "defects"


def refused_by_the_server(path: Path) -> str:
    try:
        ExampleFile(path, "training_file").validate(lambda: None)
    except BadFileError as error:
        return error.message
    return ""


REFUSED = sorted(path.name for path in DEFECTS.glob("*.jsonl") if refused_by_the_server(path))


@pytest.mark.parametrize("name", REFUSED)
async def test_a_file_that_the_server_refuses_has_an_error(name: str) -> None:
    report = await validate(DEFECTS / name, counter=counter_for(None))
    judged = Ruling.of(LOCAL, capabilities_of(LOCAL)).judge(report)

    assert judged.worst is Severity.ERROR, refused_by_the_server(DEFECTS / name)


def test_the_server_refuses_what_its_own_rules_are_about() -> None:
    assert {"image.jsonl", "misplaced-weight.jsonl", "completion-data.jsonl", "too-few-examples.jsonl"} <= set(REFUSED)
