"""The checkpoints of a job, best first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding

from fttui.domain.jobs.job import Checkpoint
from fttui.domain.jobs.ranking import Ranking, best, measure_of, ranked
from fttui.domain.jobs.series import Series
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.cells import cut_left, fill, fill_left
from fttui.ui.widgets.line_list import LineList, Piece

STEP_CELLS, VALUE_CELLS = 6, 11
_ACCURACIES = ("full_valid_mean_token_accuracy", "valid_mean_token_accuracy", "train_mean_token_accuracy")
_LOSSES = ("full_valid_loss", "valid_loss", "train_loss")
_SHORTER = (("full validation", "full"), ("full valid mean", "full"), ("validation", "valid"), ("training", "train"))


class CheckpointList(LineList):
    """Checkpoints by rank: step, loss, accuracy, name. The cursor rests on the best one until it is moved."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"checkpoint-list--best", "checkpoint-list--muted"}

    BINDINGS = [Binding("enter", "choose", "Chat with it", id="job.chat-checkpoint")]

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._best_sign = "*" if ascii_only else "✦"
        self._checkpoints: Sequence[Checkpoint] = ()
        self._follows_best = True
        self.ranking: Ranking | None = None

    def show(self, checkpoints: Sequence[Checkpoint], ranking: Ranking | None = None) -> None:
        """Show the checkpoints there are, the best by a ranking on top."""
        rows = ranked(checkpoints, ranking)
        if rows == self._checkpoints and ranking is self.ranking:
            return
        under = self.chosen
        self._checkpoints, self.ranking = rows, ranking
        self.count = len(rows)
        if self._follows_best or under not in rows:
            self.cursor = 0 if best(rows, ranking) is not None else max(len(rows) - 1, 0)
        else:
            self.cursor = rows.index(under)
        self.refresh()

    @property
    def chosen(self) -> Checkpoint | None:
        """The checkpoint under the cursor."""
        return self._checkpoints[self.cursor] if self.cursor < len(self._checkpoints) else None

    def action_move(self, step: int) -> None:
        """Move the cursor, from now on by hand."""
        self._follows_best = False
        super().action_move(step)

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """One checkpoint."""
        checkpoint = self._checkpoints[number]
        is_best = checkpoint == best(self._checkpoints, self.ranking)
        lit = number == self.cursor and self.has_focus
        part = "checkpoint-list--best" if is_best and not lit else ""
        yield f" {self._best_sign if is_best else ' '}", part
        yield fill_left(str(checkpoint.step), STEP_CELLS), part
        yield fill_left(_loss(checkpoint, loss_name(self._checkpoints)), VALUE_CELLS), part
        yield fill_left(_accuracy(checkpoint), VALUE_CELLS), part
        room = width - 2 - STEP_CELLS - 2 * VALUE_CELLS - 2
        if room > 8:
            name = fill_left(cut_left(safe_line(checkpoint.model), room), room)
            yield f"  {name}", "" if lit else "checkpoint-list--muted"


def loss_name(checkpoints: Sequence[Checkpoint]) -> str:
    """The loss or reward shown for these checkpoints: the one they can be ranked by, else the first they have."""
    for kind in (Ranking.LOSS, Ranking.REWARD):
        if (ranked_by := measure_of(checkpoints, kind)) is not None:
            return ranked_by
    return next((name for name in _LOSSES if any(name in one.metrics for one in checkpoints)), _LOSSES[-1])


def heading(checkpoints: Sequence[Checkpoint], width: int, ranking: Ranking | None = None) -> str:
    """The line above the list, what it is ranked by marked; or what to say where there are none."""
    if not checkpoints:
        return " Checkpoints are kept at the end of epochs."
    words = Series(loss_name(checkpoints), ()).label
    for long, short in _SHORTER:
        words = words.replace(long, short)
    loss, accuracy = words, "accuracy"
    measure = measure_of(checkpoints, ranking)
    if measure is not None:
        loss, accuracy = (loss, f"{accuracy}<") if measure in _ACCURACIES else (f"{loss}<", accuracy)
    text = f"  {'step':>{STEP_CELLS}}{loss:>{VALUE_CELLS}}{accuracy:>{VALUE_CELLS}}  model"
    return fill(text, width)


def _loss(checkpoint: Checkpoint, name: str) -> str:
    value = checkpoint.metrics.get(name)
    return "" if value is None else present.loss(value)


def _accuracy(checkpoint: Checkpoint) -> str:
    value = next((checkpoint.metrics[name] for name in _ACCURACIES if name in checkpoint.metrics), None)
    return "" if value is None else f"{value:.1%}"
