"""What can go wrong with the model itself.

EngineError
├── TrainingDivergedError   the loss is no longer a number
├── NothingToTrainError     no example holds a token to learn from
└── ModelFileError          weights or a checkpoint that cannot be used
"""

from __future__ import annotations

from typing import ClassVar

from fttui.domain.errors import EngineError


class TrainingDivergedError(EngineError):
    """The loss became infinite or not a number at `step`."""

    title = "Training diverged"
    code: ClassVar[str] = "training_diverged"

    def __init__(self, step: int) -> None:
        super().__init__(
            f"The training loss is no longer a finite number at step {step}.",
            hint="Start again with a smaller learning rate multiplier.",
        )
        self.step = step


class NothingToTrainError(EngineError):
    """No example holds a token that is trained on."""

    title = "Nothing to learn"
    code: ClassVar[str] = "nothing_to_train"


class ModelFileError(EngineError):
    """A file of weights or a checkpoint is missing, damaged or of another shape."""

    title = "Model file"
    code: ClassVar[str] = "invalid_model_file"
