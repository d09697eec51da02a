"""One line on its way through the fixes that look at nothing but that line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.parsing import fits, row_findings
from fttui.domain.dataset.preparation.catalogue import ROW_FIXES
from fttui.domain.dataset.preparation.fix import Fix, JsonObject, Recipe, Setting
from fttui.domain.dataset.preparation.structure import lower_case_columns
from fttui.domain.dataset.preparation.training import cut_turns
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.row import guess_format, kind_of, row_of
from fttui.domain.dataset.sensitive import may_hold_any
from fttui.domain.dataset.strict_json import Decoded, decode

_MENDABLE = frozenset({"duplicate-key", "not-a-number", "lone-surrogate"})
_HEALTHY_ROWS_NEED = frozenset(
    {
        "trim-text",
        "redact-secrets",
        "redact-personal",
        "strip-system-prompt",
        "add-system-prompt",
        "train-last-answer-only",
        "truncate-long",
    }
)
"""The fixes that may have something to do in a row in which the rules find nothing."""
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """A fix that has something to do in a row, and what it does there; `after` is None where the row goes."""

    code: str
    before: JsonObject | str
    after: JsonObject | None
    remark: str = ""


@dataclass(slots=True)
class MendedRow:
    """What became of one line.

    `value` is None for a line that is no row; `raw` says whether the line can be written as it stood; `dropped_by` is
    the fix that made the row go, empty if it stays.
    """

    value: JsonObject | None = None
    as_it_stood: bool = True
    dropped_by: str = ""
    hits: list[Hit] = field(default_factory=list)


class Mender:
    """Takes lines through their own fixes.

    Args:
        data_format: the format of the file; None if it has none, so that no line can be read.
        recipe: which fixes are made.
        tokens: counts the tokens of a row; only called for rows that may be over the limit.
    """

    def __init__(
        self, data_format: DataFormat | None, recipe: Recipe, tokens: Callable[[JsonObject], int] = lambda _: 0
    ) -> None:
        self._format = data_format
        self._recipe = recipe
        self._setting = Setting(data_format or DataFormat.CHAT, recipe, tokens)
        self._fixes = tuple(fix for fix in ROW_FIXES if self._setting.format in fix.formats and self._may_act(fix))
        self._healthy_fixes = tuple(fix for fix in self._fixes if fix.code in _HEALTHY_ROWS_NEED)
        self._clean_fixes = tuple(fix for fix in self._healthy_fixes if not fix.code.startswith("redact-"))

    def _may_act(self, fix: Fix) -> bool:
        if fix.code == "truncate-long":
            return self._recipe.token_limit is not None
        return fix.code != "add-system-prompt" or bool(self._recipe.system_prompt)

    def mend(self, raw: bytes, healthy: JsonObject | None = None) -> MendedRow:
        """Take a line through the fixes.

        Args:
            raw: a line that is not empty, as UTF-8, without its end.
            healthy: the row, where somebody has read it already and no rule finds anything wrong with it.
        """
        row = MendedRow()
        if healthy is not None:
            row.value = healthy
            clean = not may_hold_any(said_in(healthy))
            self._edit(row, self._clean_fixes if clean else self._healthy_fixes, raw)
            return row
        decoded = decode(raw)
        value = self._read(decoded)
        if not isinstance(value, dict) or not decoded.readable:
            self._let_go(row, "drop-unreadable", raw.decode("utf-8", "replace"), _why(decoded, value))
            return row
        row.value = value
        if decoded.flaws and not self._mend_json(row, decoded, raw):
            # Left as it stands: writing it anew would mend it unasked.
            self._judge(row, flawed=True)
            return row
        self._edit(row, self._fixes, raw)
        flawed = any(flaw.code not in _MENDABLE for flaw in decoded.flaws)
        self._judge(row, flawed=flawed)
        return row

    def _read(self, decoded: Decoded) -> object:
        value = decoded.value
        if self._format is None or not isinstance(value, dict):
            return None
        guessed = format_of(value)
        return value if guessed is not None and fits(guessed, self._format) else None

    def _mend_json(self, row: MendedRow, decoded: Decoded, raw: bytes) -> bool:
        if not any(flaw.code in _MENDABLE for flaw in decoded.flaws):
            return True
        assert row.value is not None  # noqa: S101 - set before
        mended = _whole_characters(row.value)
        assert isinstance(mended, dict)  # noqa: S101 - an object stays one
        remark = "; ".join(sorted({flaw.code for flaw in decoded.flaws if flaw.code in _MENDABLE}))
        row.hits.append(Hit("mend-json", raw.decode("utf-8", "replace"), mended, remark))
        if "mend-json" not in self._recipe.accepted:
            return False
        row.value, row.as_it_stood = mended, False
        return True

    def _edit(self, row: MendedRow, fixes: tuple[Fix, ...], raw: bytes) -> None:
        for _ in range(_ROUNDS):
            before = row.value
            for fix in fixes:
                self._make(fix, row, raw)
            if row.value is before or row.value == before:
                return

    def _make(self, fix: Fix, row: MendedRow, raw: bytes) -> None:
        value = row.value
        assert fix.edit is not None and value is not None  # noqa: S101, PT018 - row fixes edit rows
        if fix.code == "truncate-long" and not self.may_be_long(raw):
            return
        after = fix.edit(value, self._setting)
        if after is value or after == value:
            return
        if all(hit.code != fix.code for hit in row.hits):
            row.hits.append(Hit(fix.code, value, after, cut_turns(value, after) if fix.code == "truncate-long" else ""))
        if fix.code in self._recipe.accepted:
            row.value, row.as_it_stood = after, False

    def may_be_long(self, raw: bytes) -> bool:
        """Whether a row may be over the token limit at all: no token has less than a byte, pictures apart."""
        limit = self._recipe.token_limit
        if limit is None:
            return False
        added = len(self._recipe.system_prompt.encode()) + 16
        return len(raw) + added > limit or b"image_url" in raw

    def _judge(self, row: MendedRow, *, flawed: bool) -> None:
        """Drop a row in which an error is left."""
        value = row.value
        assert value is not None and self._format is not None  # noqa: S101, PT018 - set before
        if self._format is DataFormat.COMPLETION and value.get("completion") == "":
            # Has a fix of its own, after everything that may empty it.
            return
        findings = row_findings(row_of(value, self._format), 0, self._recipe.image_limit)
        errors = (entry for entry in findings if entry.severity is Severity.ERROR)
        first = next(errors, None)
        if first is not None or flawed:
            self._let_go(row, "drop-faulty", value, first.message if first else "the JSON has flaws")

    def _let_go(self, row: MendedRow, code: str, before: JsonObject | str, remark: str) -> None:
        row.hits.append(Hit(code, before, None, remark))
        if code in self._recipe.accepted:
            row.dropped_by = code


def said_in(value: JsonObject) -> str:
    """All contents of a conversation that is healthy and plain."""
    messages = value["messages"]
    assert isinstance(messages, list)  # noqa: S101 - it is healthy
    return "\n".join([message["content"] for message in messages])


def format_of(value: Mapping[str, object]) -> DataFormat | None:
    """The format of a row, also where its columns are not written in lower case."""
    return guess_format(value) or guess_format(lower_case_columns(value, Setting(DataFormat.COMPLETION)))


def _why(decoded: Decoded, value: object) -> str:
    if decoded.flaws and not decoded.readable:
        return decoded.flaws[0].message
    if not isinstance(decoded.value, dict):
        return f"the row is {kind_of(decoded.value)}"
    return "the row is of another format, or of none" if value is None else ""


def _whole_characters(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole_characters(entry) for entry in value]
    if isinstance(value, dict):
        return {str(_whole_characters(key)): _whole_characters(entry) for key, entry in value.items()}
    return value
