"""What the screens with a plot have in common: its keys."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from fttui.ui.place import PlaceScreen
from fttui.ui.widgets.loss_plot import PAN, ZOOM, LossPlot

if TYPE_CHECKING:
    from fttui.services.plotting import Marks


class PlotScreen(PlaceScreen):
    """A screen with a plot that is looked at with keys; `plot_in_view` says which."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "next_tab", "Measure", id="plot.measure"),
        Binding("o", "log_scale", "Log", id="plot.log-scale"),
        Binding("s", "smooth", "Smooth", show=False, id="plot.smooth"),
        Binding("left,h", "cursor(-1)", "Value to the left", show=False, id="plot.left"),
        Binding("right,l", "cursor(1)", "Value to the right", show=False, id="plot.right"),
        Binding("plus,equals_sign", "zoom_in", "Zoom in", show=False, key_display="+", id="plot.zoom-in"),
        Binding("minus", "zoom_out", "Zoom out", show=False, key_display="-", id="plot.zoom-out"),
        Binding(
            "less_than_sign,shift+left", "pan(-1)", "Earlier steps", show=False, key_display="<", id="plot.earlier"
        ),
        Binding("greater_than_sign,shift+right", "pan(1)", "Later steps", show=False, key_display=">", id="plot.later"),
        Binding("0", "see_all", "All steps", show=False, id="plot.all"),
    ]

    @property
    @abstractmethod
    def plot_in_view(self) -> LossPlot:
        """The plot the keys are for."""

    def plot_marks(self) -> Marks:
        """What curves are drawn with on this terminal."""
        from fttui.services.plotting import Marks

        if self.app.ascii_only:
            return Marks.ASCII
        return Marks.LETTERS if self.app.no_color else Marks.DOTS

    def action_next_tab(self) -> None:
        """Show the curves of the next measure there are any for."""
        self.plot_in_view.next_tab()

    def action_log_scale(self) -> None:
        """Change between an even and a logarithmic scale."""
        plot = self.plot_in_view
        plot.view = replace(plot.view, log_scale=not plot.view.log_scale)

    def action_smooth(self) -> None:
        """Smooth more, and not at all after the most."""
        self.plot_in_view.view = self.plot_in_view.view.smoother()

    def action_cursor(self, columns: int) -> None:
        """Read the values of the next step to the left or right."""
        self.plot_in_view.move_cursor(columns)

    def action_zoom_in(self) -> None:
        """Show fewer steps, around the cursor if there is one."""
        self.plot_in_view.zoom(ZOOM)

    def action_zoom_out(self) -> None:
        """Show more steps."""
        self.plot_in_view.zoom(1 / ZOOM)

    def action_pan(self, direction: int) -> None:
        """Show earlier or later steps."""
        self.plot_in_view.pan(direction * PAN)

    def action_see_all(self) -> None:
        """Show all steps, without a cursor."""
        self.plot_in_view.see_all()
