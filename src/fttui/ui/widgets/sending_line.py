"""How far a launch is, in one line: the stage, and for an upload a bar with bytes, rate and what is left."""

from __future__ import annotations

from fttui.domain.text import safe_line
from fttui.services.jobs.launch_plan import LaunchProgress, Stage
from fttui.ui import present
from fttui.ui.widgets.progress_line import ProgressLine

RATE_AFTER = 0.5
"""Seconds from which on a rate says something."""

_WORDS = {
    Stage.HASHING: "Reading {name}",
    Stage.UPLOADING: "Uploading {name}",
    Stage.PROCESSING: "Uploaded; the provider is processing {name}",
    Stage.CREATING: "Asking for the job",
    Stage.LOOKING: "The answer was lost; looking for the job",
}


class SendingLine(ProgressLine):
    """Follows a launch."""

    def __init__(self) -> None:
        super().__init__()
        self._file = ""
        self._began = 0.0

    def tell(self, progress: LaunchProgress, now: float) -> None:
        """Show how far it is at a moment (unix seconds)."""
        words = _WORDS[progress.stage].format(name=safe_line(progress.name, 40))
        if progress.stage is not Stage.UPLOADING or not progress.total:
            self._file = ""
            self.show(None, words)
            return
        if self._file != progress.name:
            self._file, self._began = progress.name, now
        self.show(progress.done / progress.total, words, self._sizes(progress, now - self._began))

    def _sizes(self, progress: LaunchProgress, seconds: float) -> str:
        sizes = f"{present.size(progress.done)} of {present.size(progress.total)}"
        if seconds < RATE_AFTER or not progress.done:
            return sizes
        rate = progress.done / seconds
        left = (progress.total - progress.done) / rate
        return f"{sizes}, {present.size(round(rate))}/s" + (f", {present.duration(left)} left" if left >= 1 else "")
