"""The form of a mapping: a line for every setting that matters now, each checked as it is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from fttui.domain.dataset.mapping import template
from fttui.domain.dataset.mapping.form_settings import (
    LABELS,
    TEMPLATES,
    defaults_of,
    defaults_text,
    shown_settings,
    value_of,
)
from fttui.domain.dataset.mapping.row_filter import read_filter
from fttui.domain.dataset.mapping.row_mapping import RowMapping, Target, Turn
from fttui.domain.dataset.mapping.settings import changed, retargeted
from fttui.domain.errors import MappingError
from fttui.ui.widgets.field import Field
from fttui.ui.widgets.form_field import PickField

TARGETS = {
    Target.CHAT: "chat (questions and answers)",
    Target.PREFERENCE: "preference (a better and a worse answer)",
    Target.COMPLETION: "prompt and completion",
}
_TYPED = {
    "system": "a {field}, or the text itself",
    "turns.speakers": "key:user, key:assistant",
    "turns.role": "role",
    "turns.text": "content",
    "roles": "human:user, gpt:assistant",
    "prompt": "text and {fields}",
    "completion": "text and {fields}",
    "preferred": "text and {fields}",
    "non_preferred": "text and {fields}",
    "where": "all; or: score >= 4 and lang = zh",
    "sample": "all rows; or how many to draw",
    "seed": "0",
    "defaults": "field=text; field=text",
}
_BEFORE_TURNS = ("system", "turns", "turns.speakers", "turns.role", "turns.text", "roles")
_AFTER_TURNS = ("prompt", "completion", "preferred", "non_preferred", "tools", "where", "sample", "seed", "defaults")


class SettingField(Field):
    """A setting that is typed, in one line; what is wrong stands below it."""

    def __init__(self, key: str, value: str, hint: str, check: Callable[[str, str], str | None], id: str) -> None:
        super().__init__(LABELS[key], value, hint=hint, check=lambda text: check(key, text), id=id)
        self.key = key


class MappingForm(VerticalScroll, can_focus=False):
    """Edits a mapping. It tells the screen at every key, and which list of choices is wanted."""

    BINDINGS = [
        Binding("down", "app.focus_next", "Next field", show=False, id="mapping.next"),
        Binding("up", "app.focus_previous", "Field before", show=False, id="mapping.previous"),
    ]

    spoken = getters.query_one("#spoken", Vertical)

    class Edited(Message):
        """The mapping may be another one."""

    @dataclass
    class Wanted(Message):
        """The list of choices for a setting is wanted."""

        key: str

    def __init__(self) -> None:
        super().__init__()
        self.target = Target.CHAT
        self.knows: Callable[[str], bool] = lambda _path: True
        """Whether the rows have a field."""
        self._picked = {"turns": "", "tools": ""}
        self._last: SettingField | None = None
        self._rows_made = 0

    def compose(self) -> ComposeResult:
        yield PickField("shape", "Shape", "", placeholder="own mapping")
        yield PickField("to", LABELS["to"], "")
        for key in _BEFORE_TURNS:
            yield self._row(key)
        yield Vertical(id="spoken")
        for key in _AFTER_TURNS:
            yield self._row(key)

    def _row(self, key: str) -> Widget:
        name = f"setting-{key.replace('.', '-').replace('_', '-')}"
        if key in self._picked:
            return PickField(name, LABELS[key], "", placeholder="none")
        return SettingField(key, "", _TYPED[key], self._check, name)

    # The mapping

    async def load(self, mapping: RowMapping, shape: str) -> None:
        """Show a mapping, and what it is called."""
        self.target = mapping.target
        self._pick("shape").show(shape)
        self._pick("to").show(TARGETS[mapping.target])
        for key in self._picked:
            self._picked[key] = value_of(mapping, key)
            self._pick(key).show(self._picked[key])
        for row in self.query(SettingField):
            if row.parent is self:
                row.value = defaults_text(mapping) if row.key == "defaults" else value_of(mapping, row.key)
        turns = [turn for turn in mapping.turns if turn.role != "system"]
        for role in ("user", "assistant")[: 1 if mapping.target is Target.PREFERENCE else 2]:
            if not any(turn.role == role for turn in turns):
                turns.append(Turn(role, ""))
        await self._show_turns(turns)
        self._show_what_matters()

    def mapping(self) -> RowMapping:
        """The mapping as the form has it.

        Raises:
            MappingError: a setting cannot be understood.
        """
        settings = [("to", self.target.value)]
        settings += [(key, value) for key, value in self._picked.items() if value]
        rows = [row for row in self.query(SettingField) if row.value.strip() and self._has_place(row)]
        settings += [(row.key, row.value) for row in rows if row.key != "defaults"]
        settings += [pair for row in rows if row.key == "defaults" for pair in defaults_of(row.value)]
        return changed(RowMapping(), settings)

    def _has_place(self, row: SettingField) -> bool:
        """Whether what stands in a row belongs to a mapping of this target."""
        return row.key in shown_settings(self.target, has_list=bool(self._picked["turns"])) or row.parent is self.spoken

    async def retarget(self, target: Target, shape: str) -> None:
        """Make other rows of the same fields."""
        try:
            mapping = retargeted(self.mapping(), target)
        except MappingError:
            mapping = RowMapping(target)
        await self.load(mapping, shape)

    def pick(self, key: str, value: str) -> None:
        """Choose a field for a setting; an empty value for none."""
        self._picked[key] = value
        self._pick(key).show(value)
        self._show_what_matters()
        self.post_message(self.Edited())

    def picked(self, key: str) -> str:
        """The field that is chosen for a setting."""
        return self._picked[key]

    async def add_turn(self, role: str) -> None:
        """Add a turn below the last one, and put the cursor there."""
        rows = self._turn_rows()
        await self._show_turns([*(Turn(row.key, row.value) for row in rows), Turn(role, "")])
        self._show_what_matters()
        self._turn_rows()[-1].focus_input()

    async def _show_turns(self, turns: list[Turn]) -> None:
        await self.spoken.remove_children()
        rows = []
        for turn in turns:
            # A removed row may still be on its way out, under its id.
            self._rows_made += 1
            shown = template.one_line(turn.template)
            rows.append(SettingField(turn.role, shown, "text and {fields}", self._check, f"turn-{self._rows_made}"))
        await self.spoken.mount_all(rows)

    # What is shown

    def _show_what_matters(self) -> None:
        has_list = bool(self._picked["turns"])
        shown = shown_settings(self.target, has_list=has_list)
        direct = self.target is Target.COMPLETION and any(self._value(key) for key in ("prompt", "completion"))
        talks = has_list or any(row.value for row in self._turn_rows())
        by_key = bool(self._value("turns.speakers"))
        for key in (*_BEFORE_TURNS, *_AFTER_TURNS):
            matters = key in shown
            if key in ("turns.role", "turns.text", "roles"):
                matters = matters and not by_key
            if key in ("prompt", "completion"):
                matters = matters and (direct or not talks)
            elif direct and key in _BEFORE_TURNS:
                matters = False
            self._widget(key).display = matters
        for row in self._turn_rows():
            row.display = not direct and (not has_list or bool(row.value) or row.has_focus_within)

    def complain_again(self) -> None:
        """Check every setting anew, since other fields are known."""
        for row in self.query(SettingField):
            if row.value:
                row.validate_now()

    def _check(self, key: str, text: str) -> str | None:
        if not text.strip():
            return None
        try:
            if key == "defaults":
                defaults_of(text)
                return None
            changed(RowMapping(), [(key, text)])
            paths = template.read_template(text).fields if key in TEMPLATES else ()
            paths = read_filter(text).fields if key == "where" else paths
        except MappingError as error:
            words = error.message.removeprefix(f"{template.one_line(text)}: ")
            return f"{words}. {error.hint}" if error.hint else words
        unknown = [path for path in paths if not self.knows(path)]
        return f"There is no field {unknown[0]}" if unknown else None

    def _value(self, key: str) -> str:
        widget = self._widget(key)
        return widget.value if isinstance(widget, SettingField) else self._picked[key]

    def _turn_rows(self) -> list[SettingField]:
        return list(self.spoken.query(SettingField))

    def _pick(self, key: str) -> PickField:
        name = key if key in ("shape", "to") else f"setting-{key}"
        return self.query_one(f"#{name}", PickField)

    def _widget(self, key: str) -> Widget:
        return self.query_one(f"#setting-{key.replace('.', '-').replace('_', '-')}")

    # Fields put in

    def insert(self, path: str) -> None:
        """Write a field where the cursor was last, or into the first empty template."""
        row = self._last
        if row is None or row.key not in TEMPLATES or not row.is_attached or not row.display:
            row = next(self._empty_templates(), None)
        if row is None:
            return
        row.text_input.insert_text_at_cursor(template.field(path))
        row.focus_input()

    def _empty_templates(self) -> Iterator[SettingField]:
        rows = [row for row in self.query(SettingField) if row.key in TEMPLATES and row.display]
        yield from (row for row in rows if row.key != "system" and not row.value)
        yield from (row for row in rows if row.key != "system")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember where fields are to be put."""
        if isinstance(event.widget, Input) and isinstance(event.widget.parent, SettingField):
            self._last = event.widget.parent

    # News

    @on(Field.Changed)
    def _tell_edited(self, event: Field.Changed) -> None:
        event.stop()
        self._show_what_matters()
        self.post_message(self.Edited())

    @on(Field.Submitted)
    def _go_on(self, event: Field.Submitted) -> None:
        event.stop()
        self.screen.focus_next()

    @on(PickField.Opened)
    def _tell_wanted(self, event: PickField.Opened) -> None:
        event.stop()
        self.post_message(self.Wanted(event.field.field_name.removeprefix("setting-")))

    @on(PickField.Emptied)
    def _empty(self, event: PickField.Emptied) -> None:
        event.stop()
        key = event.field.field_name.removeprefix("setting-")
        if key in self._picked:
            self.pick(key, "")
