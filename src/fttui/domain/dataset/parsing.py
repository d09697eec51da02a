"""One line of a file as a record, or why it is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.record import DataFormat, Record
from fttui.domain.dataset.row import Row, guess_format, kind_of, row_of
from fttui.domain.dataset.row_record import record_of
from fttui.domain.dataset.rules.catalogue import BY_CODE
from fttui.domain.dataset.rules.parts import IMAGE_COUNTS, beyond_own_limit
from fttui.domain.dataset.rules.row_rules import ROW_RULES
from fttui.domain.dataset.strict_json import decode
from fttui.domain.text import safe_line

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_RULES_BY_FORMAT = {
    data_format: tuple(rule for rule in ROW_RULES if data_format in rule.formats) for data_format in DataFormat
}


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that holds no usable example, with everything that was found in it, the errors among them."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """All that is to be known about one line.

    `record` is None where an error was found or the line is empty; `row` is the decoded object, right or wrong,
    None where the bytes could not be read as one; `is_example` is False for empty lines.
    """

    record: Record | None
    findings: tuple[Finding, ...]
    format: DataFormat | None = None
    row: Row | None = None
    is_example: bool = True


def parse_line(raw: bytes, number: int, data_format: DataFormat | None = None) -> Record | Rejected:
    """Read one line of a training file; never raises, whatever the bytes.

    Args:
        raw: the line's bytes; a line end is allowed.
        number: the line's number in the file, counted from 1, as findings show it.
        data_format: what the file holds; guessed from the row's keys if absent.
    """
    checked = check_line(raw, number, data_format)
    return Rejected(checked.findings) if checked.record is None else checked.record


def check_line(
    raw: bytes,
    number: int,
    data_format: DataFormat | None = None,
    *,
    may_have_mark: bool | None = None,
    images: int | None = None,
) -> CheckedLine:
    """Hold one line to every rule about lines and rows; arguments as for `parse_line`.

    A byte order mark is let pass on line 1, unless `may_have_mark` says where the file begins. `images` is a person's
    own limit for one example, in place of those that the providers publish.
    """
    findings: list[Finding] = []
    if (number == 1 if may_have_mark is None else may_have_mark) and raw.startswith(BYTE_ORDER_MARK):
        raw = raw[len(BYTE_ORDER_MARK) :]
        findings.append(found("byte-order-mark", number))
    raw = raw.removesuffix(b"\n").removesuffix(b"\r")
    if not raw.strip(b" \t\r"):
        return CheckedLine(None, (*findings, found("empty-line", number)), is_example=False)
    decoded = decode(raw)
    findings += [found(flaw.code, number, flaw.path, flaw.message) for flaw in decoded.flaws]
    if not decoded.readable:
        return CheckedLine(None, tuple(findings))
    value = decoded.value
    if not isinstance(value, dict):
        sentence = f"The row is {kind_of(value)}; a row is an object in braces"
        return CheckedLine(None, (*findings, found("row-not-object", number, "", sentence)))
    guessed = guess_format(value)
    kind = data_format or guessed
    if kind is None:
        sentence = "The row has none of the keys messages, input, prompt; see the formats of training files"
        return CheckedLine(None, (*findings, found("unknown-format", number, "", sentence)))
    if not fits(guessed, kind):
        named = guessed.value if guessed else "unknown"
        sentence = f"The row is {named}, the file {kind.value}; keep one format in a file"
        return CheckedLine(None, (*findings, found("mixed-formats", number, "", sentence)), guessed)
    row = row_of(value, kind)
    findings += row_findings(row, number, images)
    usable = not any(finding.severity is Severity.ERROR for finding in findings)
    return CheckedLine(record_of(row) if usable else None, tuple(findings), kind, row)


def fits(guessed: DataFormat | None, expected: DataFormat) -> bool:
    """Whether a row may be held to the rules of a format; chat and reinforcement rows look alike."""
    alike = {DataFormat.CHAT, DataFormat.REINFORCEMENT}
    return guessed is None or guessed is expected or {guessed, expected} == alike


def row_findings(row: Row, number: int, images: int | None = None) -> Iterator[Finding]:
    """Everything the rules of its format have to say about a row; `images` as for `check_line`."""
    marks = row.marks
    for rule in _RULES_BY_FORMAT[row.format]:
        if rule.about and rule.about.isdisjoint(marks):
            continue
        if rule.check is not None and (images is None or rule.code not in IMAGE_COUNTS):
            for problem in rule.check(row):
                yield Finding(rule.code, rule.severity, number, safe_line(problem.path, 200), problem.message)
    if images is not None:
        for problem in beyond_own_limit(row, images):
            yield found("own-image-limit", number, problem.path, problem.message)


def found(code: str, line: int, path: str = "", message: str = "") -> Finding:
    """A finding under a rule of the catalogue; without words of its own it has the rule's."""
    rule = BY_CODE[code]
    return Finding(code, rule.severity, line, path, message or rule.summary)
