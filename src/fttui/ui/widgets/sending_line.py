"""How far a launch is, in one line: the stage, and for an upload a bar with bytes, rate and what is left."""

from __future__ import annotations

from fttui.domain.text import safe_line
from fttui.services.jobs.launch_plan import LaunchProgress, Stage
from fttui.ui import present
from fttui.ui.widgets.progress_line import ProgressLine

_WORDS = {
    Stage.HASHING: "Reading {name}",
    Stage.UPLOADING: "Uploading {name}",
    Stage.PROCESSING: "Uploaded; the provider is processing {name}",
    Stage.CREATING: "Asking for the job",
    Stage.LOOKING: "The answer was lost; looking for the job",
}


class SendingLine(ProgressLine):
    """Follows a launch."""

    def tell(self, progress: LaunchProgress) -> None:
        """Show how far it is."""
        words = _WORDS[progress.stage].format(name=safe_line(progress.name, 40))
        if progress.note:
            words = safe_line(progress.note, 200)
        if progress.stage is Stage.UPLOADING and progress.total:
            self.show(progress.done / progress.total, words, _sizes(progress))
        else:
            self.show(None, words)


def _sizes(progress: LaunchProgress) -> str:
    sizes = f"{present.size(progress.done)} of {present.size(progress.total)}"
    if progress.rate is None:
        return sizes
    left = progress.seconds_left or 0.0
    return f"{sizes}, {present.size(round(progress.rate))}/s" + (
        f", {present.duration(left)} left" if left >= 1 else ""
    )
