"""The form of a job, made from the domain's specification: a line for every field, each checked as it is typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Label, Static, TextArea

from fttui.domain.jobs.draft import Draft, parse_metadata
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.provider_fields import EVERY_FIELD
from fttui.domain.jobs.spec import (
    AUTO,
    SEED_LIMIT,
    SUFFIX_LIMIT,
    HyperparameterField,
    NumberField,
    fields_for,
)
from fttui.domain.text import safe_line
from fttui.ui.launch_grader_text import grader_words
from fttui.ui.widgets.field import Field
from fttui.ui.widgets.form_field import PickField, TypedField

METHOD_LABELS: Mapping[Method, str] = {
    Method.SUPERVISED: "supervised (learn the answers)",
    Method.PREFERENCE: "preference (dpo: better and worse answers)",
    Method.REINFORCEMENT: "reinforcement (answers are graded)",
}


class MetadataField(Horizontal):
    """The lines of `key=value`; it grows with them."""

    DEFAULT_CSS = """
    MetadataField { height: auto; }
    MetadataField > .label { width: 18; }
    MetadataField > TextArea { width: 1fr; height: auto; min-height: 1; max-height: 4; border: none; padding: 0 1; }
    MetadataField > .problem { width: auto; max-width: 40; padding: 0 0 0 2; display: none; }
    MetadataField.-wrong > .problem { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(id="metadata")
        self.field_name = "metadata"

    def compose(self) -> ComposeResult:
        yield Label("Metadata", classes="label")
        yield TextArea(compact=True, tab_behavior="focus", highlight_cursor_line=False, placeholder="key=value lines")
        yield Static(Content(""), classes="problem")

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong; nothing for an empty sentence."""
        self.set_class(bool(sentence), "-wrong")
        self.query_one(".problem", Static).update(Content(f"✗ {safe_line(sentence)}" if sentence else ""))


class SpecForm(VerticalScroll, can_focus=False):
    """Every field of a job. It tells the screen what was typed, and shows the draft it is given."""

    BINDINGS = [
        Binding("down", "app.focus_next", "Next field", show=False, id="form.next"),
        Binding("up", "app.focus_previous", "Field before", show=False, id="form.previous"),
    ]

    @dataclass
    class Typed(Message):
        """A field was edited; `name` is the field's name in the specification."""

        name: str
        text: str

    @dataclass
    class Wanted(Message):
        """The list of choices for a field is wanted."""

        name: str

    @dataclass
    class Emptied(Message):
        """The choice of a field was taken back."""

        name: str

    def __init__(self) -> None:
        super().__init__()
        self._entries: dict[str, HyperparameterField] = {}
        """The hyperparameters of the draft's method at its provider, by name."""

    def compose(self) -> ComposeResult:
        yield PickField("profile", "Profile", "Where the model is trained.")
        yield PickField("model", "Base model", "What the training starts from.", placeholder="choose a model")
        yield PickField("training_file", "Training file", "The rows to learn from.", placeholder="choose a file")
        yield PickField("validation_file", "Validation file", "Rows kept back to measure with.", placeholder="none")
        yield PickField("method", "Method", "How it learns from the rows.")
        for entry in EVERY_FIELD:
            yield self._field_for(entry)
        yield PickField("grader", "Grader", "What answers are rewarded by.", placeholder="say how answers are graded")
        yield PickField("response_format", "Answer format", "A JSON schema answers keep to.", placeholder="free text")
        yield TypedField(
            "suffix", "Suffix", f"Part of the tuned model's name, up to {SUFFIX_LIMIT} characters.", hint="none"
        )
        yield TypedField("seed", "Seed", f"The same seed repeats a run; 0 to {SEED_LIMIT}.", hint="chosen for you")
        yield MetadataField()
        yield PickField("wandb", "Weights & Biases", "Where the run is shown.", placeholder="not shown there")

    def load(self, draft: Draft) -> None:
        """Show another draft altogether, the texts included. Files, model and profile are shown by `pick`."""
        for entry in EVERY_FIELD:
            widget = self._widget(entry.name)
            if isinstance(widget, TypedField):
                widget.value = draft.typed.get(entry.name, "")
        self.query_one("#suffix", TypedField).value = draft.suffix
        self.query_one("#seed", TypedField).value = draft.seed
        self.query_one(TextArea).load_text(draft.metadata)
        self.show(draft)

    def show(self, draft: Draft) -> None:
        """Follow a draft: the fields of its method and its choices. Texts are left alone: somebody may be typing."""
        self._entries = {entry.name: entry for entry in fields_for(draft.method, draft.fields)}
        for entry in EVERY_FIELD:
            widget = self._widget(entry.name)
            widget.display = entry.name in self._entries
            if isinstance(widget, PickField):
                widget.show(draft.typed.get(entry.name, "") or AUTO)
            elif isinstance(widget, TypedField) and entry.name in self._entries:
                widget.show_help(_help_of(self._entries[entry.name]))
        self.pick("method", METHOD_LABELS[draft.method])
        self._widget("grader").display = draft.method is Method.REINFORCEMENT
        self._widget("response_format").display = draft.method is Method.REINFORCEMENT
        self.pick("grader", grader_words(draft.grader))
        self.pick("response_format", " ".join(draft.response_format.split()))
        self.pick("wandb", f"{draft.wandb.project} {draft.wandb.name or ''}" if draft.wandb is not None else "")

    def offer(self, fields: Mapping[str, bool]) -> None:
        """Show the fields there is a use for, by name, and hide the others."""
        for name, shown in fields.items():
            self._widget(name).display = shown

    def pick(self, name: str, text: str) -> None:
        """Show what is chosen in a field."""
        self.query_one(f"#{name.replace('_', '-')}", PickField).show(text)

    def pick_later(self, name: str, placeholder: str) -> None:
        """Say why nothing can be chosen yet, or what to do."""
        self.query_one(f"#{name.replace('_', '-')}", PickField).show_placeholder(placeholder)

    def complain(self, problems: Mapping[str, str]) -> None:
        """Show what is wrong beside each field, and nothing beside the others."""
        for widget in self._fields():
            sentence = problems.get(_name(widget), "")
            if isinstance(widget, TypedField | PickField):
                widget.problem = sentence
            elif isinstance(widget, MetadataField):
                widget.show_problem(sentence)

    def label_of(self, name: str) -> str:
        """What a field is called beside it."""
        return str(self._widget(name).query_one(".label", Label).content)

    def go_to(self, name: str) -> None:
        """Put the cursor into a field."""
        match self._widget(name):
            case PickField() as field:
                field.focus_value()
            case TypedField() as field:
                field.focus_input()
            case MetadataField() as field:
                field.query_one(TextArea).focus()
            case _:
                return

    def _widget(self, name: str) -> Widget:
        return self.query_one(f"#{name.replace('_', '-')}")

    def _field_for(self, entry: HyperparameterField) -> Widget:
        if not isinstance(entry, NumberField):
            return PickField(entry.name, entry.label, entry.help)

        def check(text: str) -> str | None:
            now = self._entries.get(entry.name)
            try:
                if isinstance(now, NumberField):
                    now.parse(text)
            except ValueError as error:
                return str(error)
            return None

        return TypedField(entry.name, entry.label, _help_of(entry), hint=AUTO, check=check)

    def _fields(self) -> Iterator[Widget]:
        return (widget for widget in self.children if hasattr(widget, "field_name"))

    @on(Field.Changed)
    def _tell_typed(self, event: Field.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(_name(event.field), event.value))

    @on(Field.Submitted)
    def _go_on(self, event: Field.Submitted) -> None:
        event.stop()
        self.screen.focus_next()

    @on(TextArea.Changed)
    def _tell_metadata(self, event: TextArea.Changed) -> None:
        event.stop()
        text = event.text_area.text
        try:
            parse_metadata(text)
        except ValueError as error:
            self.query_one(MetadataField).show_problem(str(error))
        else:
            self.query_one(MetadataField).show_problem("")
        self.post_message(self.Typed("metadata", text))

    @on(PickField.Opened)
    def _tell_wanted(self, event: PickField.Opened) -> None:
        event.stop()
        self.post_message(self.Wanted(event.field.field_name))

    @on(PickField.Emptied)
    def _tell_emptied(self, event: PickField.Emptied) -> None:
        event.stop()
        self.post_message(self.Emptied(event.field.field_name))


def _name(widget: Widget) -> str:
    return widget.field_name if isinstance(widget, TypedField | PickField | MetadataField) else ""


def _help_of(entry: HyperparameterField) -> str:
    return f"{entry.help} {_sentence(entry.range_text)}" if isinstance(entry, NumberField) else entry.help


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
