"""How bad a finding is depends on whose rules hold."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import FindingGroup, Report
from fttui.domain.dataset.rules.catalogue import BY_CODE, REFUSED_AT, RULES
from fttui.domain.dataset.ruling import BY_OPENAI, LIMIT_CODES, Ruling, SetSize
from fttui.domain.dataset.service_words import service_words
from fttui.domain.profiles.capabilities import capabilities_of
from fttui.domain.profiles.profile import LOCAL, OPENAI, Dialect, Profile

AZURE = Profile("work", Dialect.AZURE, "https://x.openai.azure.com/openai/v1")
NEBIUS = Profile("neb", Dialect.NEBIUS, "https://api.tokenfactory.nebius.com/v1")
SERVER = Profile("own", Dialect.COMPATIBLE, "http://127.0.0.1:8000/v1")


def ruling(profile: Profile) -> Ruling:
    return Ruling.of(profile, capabilities_of(profile))


def group(code: str, count: int = 1, message: str = "", line: int = 4, path: str = "") -> FindingGroup:
    rule = BY_CODE[code]
    finding = Finding(code, rule.severity, line, path, message or rule.summary)
    return FindingGroup(code, rule.severity, count, rule.summary, (finding,))


def report(
    *groups: FindingGroup,
    examples: int = 60,
    size: int = 1000,
    data_format: DataFormat = DataFormat.CHAT,
    refused: dict[str, int] | None = None,
) -> Report:
    return Report(
        PurePath("a.jsonl"),
        data_format,
        examples,
        examples,
        groups,
        None,
        None,
        3,
        None,
        0.0,
        size,
        refused=tuple((refused or {}).items()),
    )


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        ("image", {"local": "error", "openai": "info", "work": "info", "neb": "warning", "own": "warning"}),
        ("too-many-images", {"local": "error", "openai": "error", "work": "info"}),
        ("byte-order-mark", {"openai": "warning", "work": "info"}),
        ("unknown-key", {"local": "error", "openai": "error", "neb": "warning", "own": "warning"}),
        ("invalid-name", {"local": "warning", "openai": "error"}),
        ("missing-role", {"local": "error", "openai": "error", "work": "error", "neb": "error", "own": "error"}),
    ],
)
def test_a_finding_is_as_bad_as_the_profile_takes_it(code: str, levels: dict[str, str]) -> None:
    profiles = {profile.name: profile for profile in (LOCAL, OPENAI, AZURE, NEBIUS, SERVER)}
    for name, level in levels.items():
        judged = ruling(profiles[name]).judge(report(group(code)))

        assert [entry.severity.value for entry in judged.findings] == [level], name
        assert judged.rules_of == name


def test_a_report_that_was_judged_can_be_judged_again_by_other_rules() -> None:
    raw = report(group("image"), group("empty-line"), examples=12, refused={"engine": 1})
    there_and_back = ruling(OPENAI).judge(ruling(LOCAL).judge(raw))

    assert there_and_back == ruling(OPENAI).judge(raw)
    assert [entry.code for entry in ruling(LOCAL).judge(raw).findings] == ["image", "empty-line", "few-examples"]


def test_rows_that_only_some_providers_refuse_are_usable_at_the_others() -> None:
    raw = report(group("invalid-name"), refused={"openai": 3, "azure": 3})

    assert ruling(OPENAI).judge(raw).valid_examples == 57
    assert ruling(LOCAL).judge(raw).valid_examples == 60


@pytest.mark.parametrize(
    ("profile", "size", "code", "words"),
    [
        (OPENAI, SetSize(DataFormat.CHAT, 9, 0, 1, False), "too-few-examples", "9 examples"),
        (LOCAL, SetSize(DataFormat.CHAT, 1, 0, 1, False), "too-few-examples", "1 example,"),
        (AZURE, SetSize(DataFormat.CHAT, 60, 0, 512_000_001, False), "file-too-large", "work takes 512,000,000"),
        (OPENAI, SetSize(DataFormat.CHAT, 60, 0, 9 * 1024**3, False), "file-too-large", "8,589,934,592"),
        (NEBIUS, SetSize(DataFormat.CHAT, 60, 0, 5_000_000_001, False), "file-too-large", "5,000,000,000"),
        (LOCAL, SetSize(DataFormat.CHAT, 60, 0, 536_870_913, False), "file-too-large", "536,870,912"),
        (OPENAI, SetSize(DataFormat.CHAT, 60_000, 50_001, 1, False), "too-many-image-examples", "50,001 examples"),
        (OPENAI, SetSize(DataFormat.REINFORCEMENT, 50_001, 0, 1, False), "too-many-examples", "50,000"),
        (OPENAI, SetSize(DataFormat.REINFORCEMENT, 1_001, 0, 1, True), "too-many-examples", "1,000"),
        (LOCAL, SetSize(DataFormat.PREFERENCE, 60, 0, 1, False), "method-not-offered", "dpo"),
        (NEBIUS, SetSize(DataFormat.REINFORCEMENT, 60, 0, 1, False), "method-not-offered", "reinforcement"),
        (LOCAL, SetSize(DataFormat.COMPLETION, 60, 0, 1, False), "completion-data", "Prompts"),
    ],
)
def test_what_is_beyond_a_limit_is_told_with_the_limit(profile: Profile, size: SetSize, code: str, words: str) -> None:
    found = {finding.code: finding.message for finding in ruling(profile).beyond(size)}

    assert list(found) == [code]
    assert words in found[code]


def test_what_is_within_every_limit_is_not_told() -> None:
    for profile in (OPENAI, AZURE, NEBIUS, LOCAL, SERVER):
        assert list(ruling(profile).beyond(SetSize(DataFormat.CHAT, 60, 0, 512_000_000, False))) == []
    assert list(ruling(OPENAI).beyond(SetSize(DataFormat.CHAT, 9, 0, 1, True))) == []


def test_a_profile_that_only_answers_trains_nothing() -> None:
    rules = Ruling("answers", Dialect.COMPATIBLE, ruling(SERVER).limits, (), trains=False)

    assert [finding.code for finding in rules.beyond(SetSize(DataFormat.CHAT, 60, 0, 1, False))] == ["trains-nothing"]


def test_data_that_cannot_be_trained_has_no_usable_rows() -> None:
    judged = ruling(LOCAL).judge(report(data_format=DataFormat.PREFERENCE))

    assert judged.valid_examples == 0
    assert judged.worst is Severity.ERROR


def test_every_difference_has_a_reason_and_every_refusal_a_kind() -> None:
    assert all(bool(rule.elsewhere) == bool(rule.because) for rule in RULES)
    assert all(rule.severity_at(None) is rule.severity for rule in RULES)
    assert "engine" in REFUSED_AT["image"]
    assert "openai" not in REFUSED_AT["image"]
    assert BY_CODE.keys() >= LIMIT_CODES
    assert BY_OPENAI.limits == ruling(OPENAI).limits


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (
            group("too-few-examples", message="7 examples, at least 10 are needed; add some", line=0),
            "invalid_n_examples: Training file has 7 example(s), but must have at least 10 examples",
        ),
        (
            group("missing-role", path="messages[2]"),
            "invalid_training_file: Invalid file format. Example 4, message 2 Discriminator 'role' is missing in value",
        ),
        (group("missing-messages", path="messages"), "Example 4 is missing key 'messages'"),
        (group("missing-input", path="input"), "Example 4 is missing key 'input'"),
        (group("unknown-key", path="id"), 'Example 4 contains an extra "id"'),
        (group("invalid-json"), "invalid_file_format: Invalid file format. Example 4 cannot be parsed."),
        (group("unknown-format"), "Unexpected file format, expected either prompt/completion pairs or chat messages."),
        (group("mixed-formats"), "Example 4 is missing key 'messages'"),
        (
            group("method-not-offered", message="These are rows for supervised training; x offers dpo alone"),
            "is in the fine-tune-chat format, but the specified fine-tuning job is not using 'supervised'",
        ),
    ],
)
def test_what_the_service_is_known_to_answer_is_told_with_the_numbers_of_the_file(
    found: FindingGroup, says: str
) -> None:
    assert says in service_words(found)


def test_where_no_answer_is_known_none_is_made_up() -> None:
    assert service_words(group("empty-line")) == ""
    assert service_words(group("method-not-offered", message="These are rows for dpo training; x offers …")) == ""
