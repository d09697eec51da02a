"""The editor of a grader: its kind, the fields of that kind, what is wrong with them, and the JSON of it all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Static, TextArea

from fttui.domain.jobs.draft import parse_object
from fttui.domain.jobs.grader import grader_problems
from fttui.domain.jobs.grader_kinds import KINDS, TOP_KINDS, GraderField, Part, new_grader
from fttui.domain.text import safe_line
from fttui.services.jobs.grader_trial import GraderTrial
from fttui.ui.launch_grader_text import grader_words, inner_graders, text_of, value_of
from fttui.ui.launch_grader_trial import choose_sample
from fttui.ui.screens.pick import Choice, PickDialog
from fttui.ui.text_dialog import TextDialog
from fttui.ui.widgets.field import Field
from fttui.ui.widgets.form_field import PickField, TypedField
from fttui.ui.widgets.long_field import LongField

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp

_LONG = frozenset({Part.TEMPLATE, Part.SOURCE, Part.MESSAGES})


class GraderDialog(ModalScreen[Mapping[str, object] | None]):
    """Edits a grader; answers with it as the protocol writes it, or None to leave things as they are.

    Args:
        grader: what stands there now, None to begin one.
        item_fields: the fields of the training rows; None where they are not at hand.
        trial: how the provider can be asked about it; None where there is none to ask.
        inner: it stands in a multi grader.
    """

    HELP = """
Choose a kind and fill in its fields. `{{item.x}}` stands for the field `x` of a training row, `{{sample.output_text}}`
for the model's answer. What is wrong is said below as you type. `ctrl+j` shows the grader as JSON. Messages for a
grading model may begin with lines `[system]`, `[user]`. `ctrl+t` asks the provider to grade a sample answer for a row
of the training file, where it can; a grading model's tokens cost there.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="grader.cancel"),
        Binding("ctrl+j", "show_json", "JSON", key_display="^j", id="grader.json"),
        Binding("ctrl+t", "try_out", "Try", key_display="^t", id="grader.try"),
        Binding("down", "app.focus_next", "Next field", show=False, id="grader.next"),
        Binding("up", "app.focus_previous", "Field before", show=False, id="grader.previous"),
    ]

    if TYPE_CHECKING:
        app = getters.app(FttuiApp)

    def __init__(
        self,
        grader: Mapping[str, object] | None,
        item_fields: Set[str] | None,
        trial: GraderTrial | None = None,
        *,
        inner: bool = False,
    ) -> None:
        super().__init__()
        self.grader: dict[str, object] = dict(grader) if grader is not None else new_grader(TOP_KINDS[0])
        self._item_fields = item_fields
        self._trial = trial
        self._kinds = tuple(KINDS) if inner else TOP_KINDS

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = "Grader"
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield PickField("grader-kind", "Kind", "What the reward comes from.")
                yield Vertical(id="fields")
                yield Static(Content(""), id="verdict")
                yield Static(Content(""), id="answer")
            with Horizontal(classes="dialog-buttons"):
                yield Button("OK", variant="primary", id="ok")
                yield Button("JSON", id="json")
                if self._can_ask:
                    yield Button("Check", id="check")
                    yield Button("Try", id="try")
                yield Button("Cancel", id="cancel")

    async def on_mount(self) -> None:
        await self._lay_out()
        self.query_one(PickField).focus_value()
        if self._trial is not None:
            self._answer_with(self._trial.missing, "$text-muted")

    async def _lay_out(self) -> None:
        """Show the fields of the kind."""
        kind = str(self.grader.get("type"))
        self.query_one("#grader-kind", PickField).show(kind)
        fields = self.query_one("#fields", Vertical)
        await fields.remove_children()
        await fields.mount_all(self._widgets(KINDS.get(kind, ())))
        self._judge()

    def _widgets(self, fields: tuple[GraderField, ...]) -> Iterator[Widget]:
        for field in fields:
            value = self.grader.get(field.name)
            if field.part in _LONG:
                yield LongField(field, text_of(field, value))
            elif field.part is Part.CHOICE:
                pick = PickField(field.name, field.label, field.help)
                pick.call_after_refresh(pick.show, str(value or ""))
                yield pick
            elif field.part is Part.GRADERS:
                for place, (name, one) in enumerate(inner_graders(self.grader)):
                    # Names are anybody's; those of widgets are not.
                    inner = PickField(f"inner-{place}", name, "")
                    inner.call_after_refresh(inner.show, grader_words(one))
                    yield inner
                yield PickField("more", "", field.help, placeholder="add a grader")
            else:
                hint = "optional" if not field.needed else ""
                yield TypedField(field.name, field.label, field.help, value=text_of(field, value), hint=hint)

    # What is wrong

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with the grader as it stands."""
        if self._kinds is not TOP_KINDS:
            alone = {"type": "multi", "name": "n", "graders": {"it": self.grader}, "calculate_output": "it"}
            found = grader_problems(alone, self._item_fields)
            return tuple(one.words.removeprefix("graders.it.") for one in found)
        return tuple(one.words for one in grader_problems(self.grader, self._item_fields))

    def _judge(self) -> None:
        wrong = self.problems
        if self._can_ask:
            # What was answered was said of another grader.
            self._answer_with("", "")
        shown = [Content.styled(f"✗ {safe_line(words)}", "$text-error") for words in wrong[:5]]
        good = Content.styled("✓ nothing wrong was found here", "$text-success")
        self.query_one("#verdict", Static).update(Content("\n").join(shown) if shown else good)

    # Editing

    def _field(self, name: str) -> GraderField | None:
        return next((one for one in KINDS.get(str(self.grader.get("type")), ()) if one.name == name), None)

    def _set(self, name: str, text: str) -> None:
        field = self._field(name)
        if field is None:
            return
        value = value_of(field, text)
        if value is None:
            self.grader.pop(name, None)
        else:
            self.grader[name] = value
        self._judge()

    @on(Field.Changed)
    def _take_line(self, event: Field.Changed) -> None:
        event.stop()
        if isinstance(event.field, TypedField):
            self._set(event.field.field_name, event.value)

    @on(Field.Submitted)
    def _go_on(self, event: Field.Submitted) -> None:
        event.stop()
        self.focus_next()

    @on(TextArea.Changed)
    def _take_text(self, event: TextArea.Changed) -> None:
        event.stop()
        if isinstance(event.text_area.parent, LongField):
            self._set(event.text_area.parent.field_name, event.text_area.text)

    @on(PickField.Opened)
    @work(group="grader.pick", exclusive=True)
    async def _choose(self, event: PickField.Opened) -> None:
        name = event.field.field_name
        if name == "more" or name.startswith("inner-"):
            await self._edit_inner(self._inner_name(name))
            return
        field = self._field(name)
        words = self._kinds if name == "grader-kind" else field.choices if field is not None else ()
        chosen = await self.app.push_screen_wait(PickDialog(event.field.label, [Choice(word, word) for word in words]))
        if chosen is None:
            return
        if name != "grader-kind":
            self.grader[name] = chosen
            event.field.show(chosen)
            self._judge()
        elif chosen != self.grader.get("type"):
            kept = {key: self.grader[key] for key in ("name",) if key in self.grader}
            self.grader = {**new_grader(chosen), **kept}
            await self._lay_out()

    def _inner_name(self, field_name: str) -> str:
        """The name of the grader behind a field; empty for one to be added."""
        inner = inner_graders(self.grader)
        return inner[int(field_name.removeprefix("inner-"))][0] if field_name.startswith("inner-") else ""

    async def _edit_inner(self, name: str) -> None:
        inner = dict(inner_graders(self.grader))
        edited = await self.app.push_screen_wait(
            GraderDialog(inner.get(name, new_grader(TOP_KINDS[0])), self._item_fields, self._trial, inner=True)
        )
        if edited is None:
            return
        called = str(edited.get("name") or name or f"grader_{len(inner) + 1}")
        renamed = [(called if key == name else key, edited if key == name else one) for key, one in inner.items()]
        self.grader["graders"] = dict(renamed if name else [*renamed, (called, edited)])
        await self._lay_out()
        self.query_one("#more", PickField).focus_value()

    @on(PickField.Emptied)
    @work(group="grader.pick", exclusive=True)
    async def _empty(self, event: PickField.Emptied) -> None:
        name = event.field.field_name
        if name.startswith("inner-"):
            inner = dict(inner_graders(self.grader))
            inner.pop(self._inner_name(name), None)
            self.grader["graders"] = inner
            await self._lay_out()
            self.query_one("#more", PickField).focus_value()

    @work(group="grader.pick", exclusive=True)
    async def action_show_json(self) -> None:
        """Show and edit the grader as JSON."""
        text = json.dumps(self.grader, indent=2, ensure_ascii=False)
        while True:
            typed = await self.app.push_screen_wait(TextDialog("Grader as JSON", text))
            if typed is None:
                return
            try:
                self.grader = dict(parse_object(typed) or {})
            except ValueError as error:
                self.app.say(f"The grader {error}", "warning")
                text = typed
                continue
            await self._lay_out()
            return

    # Asking the provider

    @property
    def _can_ask(self) -> bool:
        return self._trial is not None and not self._trial.missing

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a provider that grades can be asked."""
        return self._can_ask if action == "try_out" else True

    def _answer_with(self, words: str, style: str) -> None:
        self.query_one("#answer", Static).update(Content.styled(words, style) if words else Content(""))

    @on(Button.Pressed, "#check")
    @work(group="grader.ask", exclusive=True)
    async def _check_there(self) -> None:
        if self._trial is not None:
            self._answer_with("asking the provider…", "$text-muted")
            self._tell(*await self._trial.checked(self.grader))

    @on(Button.Pressed, "#try")
    @work(group="grader.ask", exclusive=True)
    async def action_try_out(self) -> None:
        """Have the provider grade a sample answer for a row."""
        if self._trial is None:
            return
        chosen = await choose_sample(self.app, self._trial)
        if chosen is not None:
            self._answer_with("asking the provider…", "$text-muted")
            self._tell(*await self._trial.tried(self.grader, *chosen))

    def _tell(self, good: bool, words: str) -> None:
        self._answer_with(words, "$text-success" if good else "$text-error")
        self.query_one("#answer", Static).scroll_visible(animate=False)

    # The end

    @on(Button.Pressed, "#json")
    def _press_json(self) -> None:
        self.action_show_json()

    @on(Button.Pressed, "#ok")
    def _accept(self) -> None:
        self.dismiss(self.grader)

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.dismiss(None)
