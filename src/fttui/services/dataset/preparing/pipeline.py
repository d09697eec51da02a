"""Takes a file through its fixes, pass by pass, until there is nothing left to do; keeps keys of rows, never rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from fttui.domain.dataset.identity import facets, key
from fttui.domain.dataset.mapping.field_path import as_text, value_at
from fttui.domain.dataset.preparation.catalogue import FIXES
from fttui.domain.dataset.preparation.columns import ColumnChange, Columns, is_long
from fttui.domain.dataset.preparation.fix import JsonObject, Recipe
from fttui.domain.dataset.preparation.ledger import Ledger
from fttui.domain.dataset.preparation.mender import Hit, MendedRow, Mender
from fttui.domain.dataset.preparation.plan import SAMPLES
from fttui.domain.dataset.preparation.sampling import rebalance
from fttui.domain.dataset.preparation.whole_set import OtherFile, SetFilter
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.sensitive import masked
from fttui.domain.dataset.similarity import normalised
from fttui.domain.dataset.strict_json import decode
from fttui.services.dataset.preparing.near_sketches import near_sketches
from fttui.services.dataset.preparing.row_tokens import RowTokens
from fttui.services.dataset.preparing.seen_rows import KeptRows, SeenRow, batches
from fttui.services.dataset.preparing.source import Source, SourceLine, Tick
from fttui.services.dataset.quick_rows import quick_reader

_PLACES = {fix.code: place for place, fix in enumerate(FIXES)}
_PASSES = 24
"""More than there are fixes of columns, and enough for those that call for another."""


class Pipeline:
    """One preparation of one file.

    Args:
        source: the file.
        recipe: which fixes are made.
        model: whose encoding counts tokens.
        other: the validation file, if there is one.
    """

    def __init__(
        self, source: Source, recipe: Recipe, model: str | None = None, other: OtherFile | None = None
    ) -> None:
        self.source = source
        self.recipe = recipe
        self.other = other
        self.format = source.format
        self.tokens = RowTokens(self.format or DataFormat.CHAT, model)
        self.ledger = Ledger()
        self.changes: list[ColumnChange] = []
        self.kept = KeptRows()
        self.columns = Columns()
        self.filter = SetFilter(recipe.accepted, other)
        """What the rows of the last pass were held against."""
        self._mender = Mender(self.format, recipe, self.tokens.count)
        self._read, self._decode = quick_reader(), _decoder()
        self._gone = bytearray()
        """One entry a line: 0, or the place of the fix that dropped it in the catalogue, from 1."""
        self.source_lines = 0
        """Lines of the file; known once it was gone through."""
        self._fresh = ""
        """The code of the change that the last pass called for."""

    # Rows

    def rows(self, tick: Tick | None = None) -> Iterator[tuple[SourceLine, MendedRow]]:
        """Every line that no earlier pass dropped, in its final form as far as it is known."""
        for line in self.source.lines(tick):
            if self._is_gone(line.number):
                continue
            yield line, self.final(line)

    def final(self, line: SourceLine) -> MendedRow:
        """A line after the fixes of rows and the changes to columns."""
        if line.raw is None:
            return MendedRow(dropped_by="drop-giant-lines", hits=[Hit("drop-giant-lines", "…", None)])
        if not line.raw.strip(b" \t\r"):
            return MendedRow(dropped_by="drop-empty-lines", hits=[Hit("drop-empty-lines", "", None)])
        row = self._mender.mend(line.raw, self._healthy(line.raw))
        for code in line.codes:
            row.hits.insert(0, Hit(code, "", {}))
        if row.value is not None and not row.dropped_by:
            self._change_columns(row)
            self._judge(row, line.raw)
        return row

    def _healthy(self, raw: bytes) -> JsonObject | None:
        if self.format is not DataFormat.CHAT:
            return None
        quick = self._read(raw)
        if quick is None or quick.tools is not None:
            return None
        value = self._decode(raw)
        return value if isinstance(value, dict) else None

    def _change_columns(self, row: MendedRow) -> None:
        for change in self.changes:
            assert row.value is not None  # noqa: S101 - looked at before
            after = change.apply(row.value)
            if after is not row.value:
                row.hits.append(Hit(change.code, row.value, after))
                row.value, row.as_it_stood = after, False

    def _judge(self, row: MendedRow, raw: bytes) -> None:
        value = row.value
        assert value is not None  # noqa: S101 - looked at before
        if self.format is DataFormat.COMPLETION and value.get("completion") == "":
            self._let_go(row, "drop-empty-completions", "the completion is empty")
            if not row.dropped_by and "drop-faulty" in self.recipe.accepted:
                self._let_go(row, "drop-faulty", "the completion is empty")
        elif self._mender.may_be_long(raw) and self._is_long(value):
            self._let_go(row, "drop-long", f"{self.tokens.count(value):,} tokens")

    def _is_long(self, value: JsonObject) -> bool:
        limit = self.recipe.token_limit
        return limit is not None and self.tokens.count(value) > limit

    def _let_go(self, row: MendedRow, code: str, remark: str) -> None:
        row.hits.append(Hit(code, row.value or "", None, remark))
        if code in self.recipe.accepted:
            row.dropped_by = code

    # Passes

    def settle(self, tick: Tick | None = None) -> None:
        """Go through the file until no accepted fix has anything left to do."""
        for number in range(_PASSES):
            before = self.columns
            self._go_through(tick, first=number == 0, before=before)
            if not self._decide():
                if number == 0 and self.columns.wants_another_look:
                    continue
                return

    def _go_through(self, tick: Tick | None, *, first: bool, before: Columns) -> None:
        self.kept, self.columns = KeptRows(), Columns.after(before)
        self.ledger.begin_pass()
        filter_ = self.filter = SetFilter(self.recipe.accepted, self.other)
        fresh, self._fresh = self._fresh, ""
        for batch in batches(self._seen_rows(tick)):
            said = [entry.seen.said for entry in batch if entry.seen is not None]
            sketches = iter(near_sketches(said)) if filter_.wants_sketches else None
            for entry in batch:
                pieces = next(sketches) if sketches is not None and entry.seen is not None else None
                self._note(entry, first=first, fresh=fresh)
                if entry.seen is not None:
                    self._hold_against_others(filter_, entry, pieces)
                self._settle_fate(entry)

    def _seen_rows(self, tick: Tick | None) -> Iterator[SeenRow]:
        for line, row in self.rows(tick):
            stays = not row.dropped_by and row.value is not None and self.format is not None
            seen = facets(row.value, self.format) if stays and row.value is not None and self.format else None
            if seen is not None and self.recipe.label_field:
                seen = replace(seen, label=self._label_in(line.raw or b""))
            yield SeenRow(line.number, row, seen, is_empty=line.raw is not None and not line.raw.strip(b" \t\r"))

    def _note(self, entry: SeenRow, *, first: bool, fresh: str) -> None:
        if not entry.is_empty:
            self.ledger.rows += first
        for hit in entry.row.hits:
            # What is done to a row by itself is the same in every pass.
            if first or hit.code in (fresh, entry.row.dropped_by):
                self.ledger.note(hit, entry.line)

    def _label_in(self, raw: bytes) -> int:
        """The key of the label that a row has in a field of its own, which may be no key of the format."""
        text = normalised(as_text(value_at(decode(raw).value, self.recipe.label_field)))
        return key(text) if text else 0

    def _settle_fate(self, entry: SeenRow) -> None:
        row = entry.row
        if row.dropped_by:
            self._mark_gone(entry.line, row.dropped_by)
        elif row.value is not None and entry.seen is not None:
            self.kept.add(entry.line, entry.seen, entry.like)
            if self.format is DataFormat.COMPLETION:
                self._look_at_columns(entry.line, row.value)
        else:
            self.ledger.unread += 1

    def _hold_against_others(self, filter_: SetFilter, entry: SeenRow, pieces: Sequence[int] | None) -> None:
        row = entry.row
        assert row.value is not None and entry.seen is not None  # noqa: S101, PT018 - asked before
        for twin in filter_.twins(entry.seen, entry.line, pieces):
            hit = Hit(twin.code, row.value, None, twin.words)
            entry.like = twin.line if twin.code == "drop-near-duplicates" else entry.like
            if twin.code in self.recipe.accepted:
                self.ledger.note(hit, entry.line)
                row.dropped_by = twin.code
            else:
                self.ledger.note_possible(hit, entry.line)

    def _look_at_columns(self, line: int, value: JsonObject) -> None:
        self.columns.add(value)
        self.ledger.remember(line, value)
        if is_long(value):
            self.ledger.remember_long(line, value)

    def _mark_gone(self, line: int, code: str) -> None:
        if line >= len(self._gone):
            self._gone.extend(bytes(line + 4096 - len(self._gone)))
        self._gone[line] = _PLACES[code] + 1

    def fates(self, tick: Tick | None = None) -> Iterator[tuple[SourceLine, MendedRow, str]]:
        """Every line in its final form with the fix that dropped it, or an empty text; after `settle`."""
        self.source_lines = 0
        for line in self.source.lines(tick):
            self.source_lines = line.number
            row = self.final(line)
            why = FIXES[self._gone[line.number] - 1].code if self._is_gone(line.number) else ""
            yield line, row, why

    def _is_gone(self, line: int) -> bool:
        return line < len(self._gone) and self._gone[line] > 0

    def _decide(self) -> bool:
        """Make what is called for by the rows as a whole; True if the file must be gone through again."""
        return self._rebalance() or self._change_next_column()

    def _rebalance(self) -> bool:
        rows = self.kept
        gone = rebalance(rows.labels, self.recipe.label_ratio, self.recipe.seed, rows.contents)
        lines = [rows.lines[place] for place in sorted(gone)]
        accepted = "rebalance" in self.recipe.accepted
        self.ledger.note_lines("rebalance", lines, self._shown(lines), done=accepted)
        if not accepted or not gone:
            return False
        for line in lines:
            self._mark_gone(line, "rebalance")
        return True

    def _shown(self, lines: list[int]) -> list[tuple[int, JsonObject]]:
        """The first few of some rows, read again to be shown."""
        wanted = set(lines[:SAMPLES])
        shown: list[tuple[int, JsonObject]] = []
        if wanted:
            for line in self.source.lines():
                if line.number in wanted:
                    row = self.final(line)
                    shown.append((line.number, row.value or {}))
                    if len(shown) == len(wanted):
                        break
        return shown

    def _change_next_column(self) -> bool:
        for change in self.columns.changes():
            accepted = change.code in self.recipe.accepted
            self.ledger.details[change.code] = masked(change.text)
            if change.code == "drop-long-texts":
                lines = list(self.ledger.long_lines)
                self.ledger.note_lines(change.code, lines, self.ledger.long_rows, done=accepted)
                if accepted:
                    for line in lines:
                        self._mark_gone(line, change.code)
                    return True
            elif accepted:
                self.changes.append(change)
                self._fresh = change.code
                return True
            else:
                self.ledger.note_column(change, self.columns)
        return False


def _decoder() -> Callable[[bytes], object]:
    """Reads a line that is known to be healthy."""
    import msgspec

    return msgspec.json.Decoder().decode
