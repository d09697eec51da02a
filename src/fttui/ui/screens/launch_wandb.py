"""Asks where Weights & Biases shall show a run."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from fttui.domain.jobs.spec import Wandb
from fttui.ui.widgets.field import Field
from fttui.ui.widgets.form_field import TypedField

NOTE = "The key of Weights & Biases is kept in your organisation's settings at the provider; it is not sent from here."


class WandbDialog(ModalScreen[Wandb | None]):
    """Asks for project, run name, entity and tags; None to leave things as they are.

    Args:
        wandb: what stands there now.
    """

    HELP = "Only the project is needed. `enter` goes on, `escape` leaves things as they are."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel", id="wandb.cancel")]

    def __init__(self, wandb: Wandb | None) -> None:
        super().__init__()
        self._wandb = wandb or Wandb("")

    def compose(self) -> ComposeResult:
        one = self._wandb
        with Vertical(classes="dialog") as box:
            box.border_title = "Weights & Biases"
            yield TypedField("wandb-project", "Project", "Needed.", value=one.project)
            yield TypedField("wandb-name", "Run name", "", value=one.name or "", hint="the job's id")
            yield TypedField("wandb-entity", "Entity", "", value=one.entity or "", hint="the key's own")
            yield TypedField("wandb-tags", "Tags", "With commas between.", value=", ".join(one.tags), hint="none")
            yield Static(Content(NOTE), classes="note")
            with Horizontal(classes="dialog-buttons"):
                yield Button("OK", variant="primary", id="ok")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        self.query_one("#wandb-project", TypedField).focus_input()

    @on(Field.Submitted)
    def _go_on(self) -> None:
        self.focus_next()

    @on(Button.Pressed, "#ok")
    def _accept(self) -> None:
        project, name, entity, tags = (
            self.query_one(f"#wandb-{part}", TypedField).value.strip() for part in ("project", "name", "entity", "tags")
        )
        if not project:
            self.query_one("#wandb-project", TypedField).problem = "Name a project"
            return
        words = tuple(tag.strip() for tag in tags.split(",") if tag.strip())
        self.dismiss(Wandb(project, name or None, entity or None, words))

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.dismiss(None)
