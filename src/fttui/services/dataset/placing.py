"""Gives findings their places in the file, to the byte, once it is known which of them are kept."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.finding_place import EXACT_UP_TO, place_in_line
from fttui.domain.dataset.report import FindingGroup, Report
from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.opener import open_regular

_BLOCK = 64 * 1024


def placed(report: Report, source: Path, marks: Sequence[tuple[int, int]]) -> Report:
    """The report with the offset of every finding that is kept in full.

    Only the lines that are told of are read again, so this costs the check of a large file next to nothing.

    Args:
        report: the verdict on one file.
        source: what was read: the file, or the plain copy of a packed one.
        marks: where some of its lines start: the lines before, and the bytes; in the order of the file.
    """
    wanted = sorted({finding.line for group in report.findings for finding in group.examples if finding.line})
    if not wanted:
        return report
    try:
        descriptor, _ = open_regular(source)
    except UnreadableFileError:
        # It is gone since it was checked, which is a finding of its own.
        return report
    try:
        starts = _starts(descriptor, wanted, marks)
        groups = tuple(_placed(group, descriptor, starts) for group in report.findings)
    finally:
        os.close(descriptor)
    return replace(report, findings=groups)


def _placed(group: FindingGroup, descriptor: int, starts: Mapping[int, int]) -> FindingGroup:
    return replace(group, examples=tuple(_finding(finding, descriptor, starts) for finding in group.examples))


def _finding(finding: Finding, descriptor: int, starts: Mapping[int, int]) -> Finding:
    start = starts.get(finding.line)
    if start is None:
        return finding
    return replace(finding, offset=start + place_in_line(finding, _line_at(descriptor, start)))


def _line_at(descriptor: int, start: int) -> bytes:
    """The line that starts at a byte, or more than is looked through of a long one."""
    line, end, _ = os.pread(descriptor, _BLOCK, start).partition(b"\n")
    if not end and len(line) == _BLOCK:
        line, _, _ = os.pread(descriptor, EXACT_UP_TO + 1, start).partition(b"\n")
    return line


def _starts(descriptor: int, wanted: Sequence[int], marks: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Where lines start, by their numbers, which ascend."""
    starts: dict[int, int] = {}
    position, line = 0, 1
    for number in wanted:
        before, start = marks[max(bisect_left(marks, (number,)) - 1, 0)] if marks else (0, 0)
        if before >= line:
            position, line = start, before + 1
        after = _after_newlines(descriptor, position, number - line)
        if after is None:
            break
        position, line = after, number
        starts[number] = position
    return starts


def _after_newlines(descriptor: int, position: int, newlines: int) -> int | None:
    """Where the line begins that stands so many newlines further on; None beyond the end of the file."""
    while newlines:
        block = os.pread(descriptor, _BLOCK, position)
        if not block:
            return None
        there = block.count(b"\n")
        if there < newlines:
            newlines -= there
            position += len(block)
            continue
        at = -1
        for _ in range(newlines):
            at = block.index(b"\n", at + 1)
        return position + at + 1
    return position
