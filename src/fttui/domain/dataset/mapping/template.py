r"""Text with fields in it: ``{instruction}[[\n\n{input}]]``.

``{field}`` stands for a field, by name or path; ``{field|trim}`` for the same without blanks around it, and
``{field|without END}`` for the same without a text it begins or ends with. What stands in ``[[ ]]`` is left out as
a whole where one of its fields is empty. ``\n`` and ``\t`` are a new line and a tab; ``\{ \} \[ \] \| \\`` are the
signs themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fttui.domain.errors import MappingError

_TOKEN = re.compile(r"\\(?P<escape>[nt{}\[\]|\\])|(?P<open>\[\[)|(?P<close>\]\])|\{(?P<field>(?:\\[{}|\\]|[^{}])*)\}")
_ESCAPES = {"n": "\n", "t": "\t"}
_IN_FIELD = re.compile(r"\\([nt{}\[\]|\\])")
_UNESCAPED_BAR = re.compile(r"(?<!\\)\|")

Lookup = Callable[[str], str]
"""The text of a field."""


@dataclass(frozen=True, slots=True)
class FieldPart:
    """A field; `trims` takes blanks from around it, `without` is taken off its beginning or its end."""

    path: str
    trims: bool = False
    without: str = ""

    def render(self, lookup: Lookup) -> str:
        """The text of the field."""
        text = lookup(self.path)
        if self.without:
            text = text.removesuffix(self.without).removeprefix(self.without)
        return text.strip() if self.trims else text


@dataclass(frozen=True, slots=True)
class OptionalPart:
    """Pieces that count only where none of their fields is empty."""

    parts: tuple[str | FieldPart, ...]

    def render(self, lookup: Lookup) -> str:
        """The pieces, or nothing."""
        written = [part if isinstance(part, str) else part.render(lookup) for part in self.parts]
        empty = any(
            not text.strip() for part, text in zip(self.parts, written, strict=True) if isinstance(part, FieldPart)
        )
        return "" if empty else "".join(written)


Part = str | FieldPart | OptionalPart


@dataclass(frozen=True, slots=True)
class Template:
    """A text that was read."""

    parts: tuple[Part, ...]

    def render(self, lookup: Lookup) -> str:
        """The text with its fields filled in."""
        return "".join(part if isinstance(part, str) else part.render(lookup) for part in self.parts)

    @property
    def fields(self) -> tuple[str, ...]:
        """The paths of all fields, in order."""
        return tuple(_fields(self.parts))

    @property
    def only_field(self) -> str | None:
        """The path, where the template is one field and nothing else."""
        return self.parts[0].path if len(self.parts) == 1 and isinstance(self.parts[0], FieldPart) else None


def _fields(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, FieldPart):
            yield part.path
        elif isinstance(part, OptionalPart):
            yield from _fields(part.parts)


def read_template(text: str) -> Template:
    """Read a template.

    Raises:
        MappingError: a bracket is left open, or a field has no name.
    """
    parts: list[Part] = []
    optional: list[str | FieldPart] | None = None
    for piece in _pieces(text):
        if piece == "[[":
            if optional is not None:
                raise MappingError(f"{_shown(text)}: [[ stands inside [[ ]]", hint="Close the first one with ]].")
            optional = []
        elif piece == "]]":
            if optional is None:
                raise MappingError(f"{_shown(text)}: ]] closes nothing", hint=r"Write \]\] for the signs themselves.")
            parts.append(OptionalPart(tuple(optional)))
            optional = None
        else:
            plain = piece.text if isinstance(piece, _Literal) else piece
            (parts if optional is None else optional).append(plain)
    if optional is not None:
        raise MappingError(f"{_shown(text)}: [[ is not closed", hint="Close it with ]].")
    return Template(tuple(parts))


@dataclass(frozen=True, slots=True)
class _Literal:
    text: str


def _pieces(text: str) -> Iterator[str | _Literal | FieldPart]:
    """Literals, fields, and the two brackets as plain text."""
    at = 0
    plain: list[str] = []
    for found in _TOKEN.finditer(text):
        plain.append(_unbraced(text[at : found.start()], text))
        at = found.end()
        if found["escape"] is not None:
            plain.append(_ESCAPES.get(found["escape"], found["escape"]))
            continue
        if any(plain):
            yield _Literal("".join(plain))
        plain = []
        yield found["open"] or found["close"] or _field_part(found["field"], text)
    plain.append(_unbraced(text[at:], text))
    if any(plain):
        yield _Literal("".join(plain))


def _unbraced(piece: str, text: str) -> str:
    if "{" in piece or "}" in piece:
        raise MappingError(f"{_shown(text)}: a brace has no partner", hint=r"Write \{ and \} for the signs themselves.")
    return piece


def _field_part(inner: str, text: str) -> FieldPart:
    path, *rest = _UNESCAPED_BAR.split(inner)
    trims, without = False, ""
    for word in rest:
        if word.strip() == "trim":
            trims = True
        elif word.lstrip().startswith("without "):
            without = _unescaped(word.lstrip().removeprefix("without "))
        else:
            raise MappingError(
                f"{_shown(text)}: there is no {word.strip()}", hint="After | may stand: trim, without X."
            )
    path = _unescaped(path)
    if not path.strip():
        raise MappingError(f"{_shown(text)}: a field without a name", hint=r"Write \{\} for the signs themselves.")
    return FieldPart(path, trims, without)


def _unescaped(text: str) -> str:
    return _IN_FIELD.sub(lambda found: _ESCAPES.get(found[1], found[1]), text)


def _shown(text: str) -> str:
    return one_line(text if len(text) <= 60 else text[:59] + "…")


def literal(text: str) -> str:
    """A template that gives exactly this text."""
    return re.sub(r"\\|[{}]|\[(?=\[)|\](?=\])", lambda found: "\\" + found[0], text)


def field(path: str, *filters: str) -> str:
    """A template that is one field."""
    inner = re.sub(r"[{}|\\]", lambda found: "\\" + found[0], path)
    return "{" + "|".join((inner, *filters)) + "}"


def one_line(template: str) -> str:
    r"""A template as it is typed in one line: new lines and tabs as ``\n`` and ``\t``."""
    return template.replace("\n", "\\n").replace("\t", "\\t")
