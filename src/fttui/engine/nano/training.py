"""A supervised training run that can be stopped at any step and goes on to the bit."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from fttui.engine.nano.arrays import Indices
from fttui.engine.nano.batch import Batch, pack, packs
from fttui.engine.nano.checkpoint import Header, read_arrays, write_arrays
from fttui.engine.nano.errors import ModelFileError, NothingToTrainError, TrainingDivergedError
from fttui.engine.nano.examples import packed
from fttui.engine.nano.memory import keep_freed_memory
from fttui.engine.nano.model import Model, model_from, save_weights
from fttui.engine.nano.network import WeightedLoss, forward, loss_and_gradients, predict, weighted_loss
from fttui.engine.nano.optimizer import AdamW, learning_rate_at
from fttui.engine.nano.rendering import RenderedExample
from fttui.engine.nano.weights import Weights

LEARNING_RATE = 2e-3
# About how many validations on a sample a run makes, however long it is.
VALIDATIONS = 40
_EVALUATION_TOKENS = 2048
# Keeps the draws for validation apart from those of the batch order.
_VALIDATION_STREAM = 1


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How a run trains; `learning_rate_multiplier` scales the engine's own rate."""

    n_epochs: int
    batch_size: int
    learning_rate_multiplier: float
    seed: int

    @property
    def peak_learning_rate(self) -> float:
        """The rate after warm-up."""
        return LEARNING_RATE * self.learning_rate_multiplier


@dataclass(frozen=True, slots=True)
class StepMetrics:
    """What one step measured; None where nothing was evaluated.

    `valid_*` come from a seeded sample of the validation examples at validation steps, `full_valid_*` from all of
    them at the end of an epoch.
    """

    step: int
    total_steps: int
    train_loss: float
    train_mean_token_accuracy: float
    valid_loss: float | None = None
    valid_mean_token_accuracy: float | None = None
    full_valid_loss: float | None = None
    full_valid_mean_token_accuracy: float | None = None


def resolve_settings(
    n_examples: int,
    n_epochs: int | None,
    batch_size: int | None,
    learning_rate_multiplier: float | None,
    seed: int,
) -> TrainingSettings:
    """Fill in what was left to the engine.

    Args:
        n_examples: training examples, at least 1.
        n_epochs: or None for 2000 / n, from 3 to 25.
        batch_size: or None for n / 12, from 1 to 16.
        learning_rate_multiplier: or None for 1.
        seed: of the order of examples.
    """
    return TrainingSettings(
        n_epochs=min(25, max(3, round(2000 / n_examples))) if n_epochs is None else n_epochs,
        batch_size=min(16, max(1, n_examples // 12)) if batch_size is None else batch_size,
        learning_rate_multiplier=1.0 if learning_rate_multiplier is None else learning_rate_multiplier,
        seed=seed,
    )


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far a run is, as a checkpoint's header tells it; `sizes` counts training and validation examples."""

    settings: TrainingSettings
    step: int
    trained_tokens: int
    sizes: list[int]

    @classmethod
    def from_header(cls, header: Header) -> _Progress:
        values = header["training"]
        if not isinstance(values, dict):
            raise TypeError("there is no training state")
        return cls(**{**values, "settings": TrainingSettings(**values["settings"])})


class TrainingRun:
    """One run: the order of examples follows from seed and epoch, so a run is its step, weights and moments."""

    def __init__(
        self,
        model: Model,
        train: Iterable[RenderedExample],
        valid: Iterable[RenderedExample],
        settings: TrainingSettings,
        optimizer: AdamW,
        step: int,
        trained_tokens: int,
    ) -> None:
        """Use `start` or `resume`."""
        self.settings = settings
        self.step = step
        self.trained_tokens = trained_tokens
        self._train, self._valid = packed(train), packed(valid)
        self._places = self._train.trainable
        self._valid_places = self._valid.trainable
        self.skipped = len(self._train) - len(self._places)
        """Training examples without a token to learn from, which are left out."""
        self._model = model
        self._optimizer = optimizer
        self._gradients = Weights.zeros(model.config)
        if not len(self._places):
            raise NothingToTrainError(
                "No training example holds a token of an assistant message that is trained on.",
                hint="Weights of 0 and cuts at the context length leave nothing to learn.",
            )
        self._steps_per_epoch = math.ceil(len(self._places) / settings.batch_size)
        self.total_steps = self._steps_per_epoch * settings.n_epochs
        self._order = (-1, np.empty(0, dtype=np.int64))
        keep_freed_memory()

    @classmethod
    def start(
        cls,
        model: Model,
        train: Iterable[RenderedExample],
        valid: Iterable[RenderedExample],
        settings: TrainingSettings,
    ) -> TrainingRun:
        """Begin with a copy of a model's weights.

        Raises:
            NothingToTrainError: no training example has a token that counts.
        """
        own = model.with_weights(model.weights.copy())
        return cls(own, train, valid, settings, AdamW(own.weights), step=0, trained_tokens=0)

    @classmethod
    def resume(cls, path: Path, train: Iterable[RenderedExample], valid: Iterable[RenderedExample]) -> TrainingRun:
        """Go on from a checkpoint of `save`, with the same examples.

        Raises:
            ModelFileError: the file is no checkpoint, or was made with other examples.
        """
        train, valid = packed(train), packed(valid)
        header, arrays = read_arrays(path)
        try:
            state = _Progress.from_header(header)
            model = model_from(path, header, arrays["weights"])
            first, second = (arrays[name].astype(np.float32) for name in ("first", "second"))
        except (KeyError, TypeError) as error:
            raise ModelFileError(f"{path.name} is no checkpoint: {error}") from error
        if state.sizes != [len(train), len(valid)]:
            raise ModelFileError(f"{path.name} belongs to a run over other examples")
        optimizer = AdamW(model.weights, first, second)
        return cls(model, train, valid, state.settings, optimizer, state.step, state.trained_tokens)

    @property
    def model(self) -> Model:
        """The model as it stands; the next step changes its weights in place."""
        return self._model

    @property
    def epoch(self) -> int:
        """The epoch, from 1, that the last step belongs to; 0 before the first."""
        return math.ceil(self.step / self._steps_per_epoch)

    @property
    def at_epoch_end(self) -> bool:
        """Whether the last step completed an epoch."""
        return self.step > 0 and self.step % self._steps_per_epoch == 0

    @property
    def finished(self) -> bool:
        """Whether all steps are done."""
        return self.step >= self.total_steps

    def advance(self) -> StepMetrics:
        """Train one batch, and evaluate where it is due.

        Raises:
            TrainingDivergedError: the loss is not finite; the weights are those before this step.
        """
        step = self.step + 1
        batch = self._batch(step)
        # A run that diverges is told by its numbers below, not by warnings on the way there.
        with np.errstate(over="ignore", invalid="ignore"):
            loss = loss_and_gradients(self._model.weights, batch, self._gradients)
            norm = self._gradients.norm()
            if not (math.isfinite(loss.mean) and math.isfinite(norm)):
                raise TrainingDivergedError(step)
            rate = learning_rate_at(step, self.total_steps, self.settings.peak_learning_rate)
            self._optimizer.update(self._gradients, norm, step, rate)
        self.step = step
        self.trained_tokens += batch.tokens
        sample = self._evaluate(self._valid_sample(step))
        full = self._evaluate(self._valid_places if self.at_epoch_end else self._valid_places[:0])
        return StepMetrics(
            step=step,
            total_steps=self.total_steps,
            train_loss=loss.mean,
            train_mean_token_accuracy=loss.accuracy,
            valid_loss=sample.mean if sample else None,
            valid_mean_token_accuracy=sample.accuracy if sample else None,
            full_valid_loss=full.mean if full else None,
            full_valid_mean_token_accuracy=full.accuracy if full else None,
        )

    def save(self, path: Path) -> None:
        """Write everything `resume` needs, in one step or not at all."""
        sizes = [len(self._train), len(self._valid)]
        header = {
            "config": self._model.config.as_dict(),
            "tokenizer": self._model.tokenizer.to_json(),
            "training": asdict(_Progress(self.settings, self.step, self.trained_tokens, sizes)),
        }
        moments = {"first": self._optimizer.first, "second": self._optimizer.second}
        write_arrays(path, header, {"weights": self._model.weights.flat, **moments})

    def export(self, path: Path) -> None:
        """Write the weights alone, in half precision, for generation."""
        save_weights(self._model, path)

    def _batch(self, step: int) -> Batch:
        epoch, place = divmod(step - 1, self._steps_per_epoch)
        if self._order[0] != epoch:
            rng = np.random.default_rng([self.settings.seed, epoch])
            self._order = (epoch, self._places[rng.permutation(len(self._places))])
        size = self.settings.batch_size
        return pack([self._train[index] for index in self._order[1][place * size : (place + 1) * size]])

    def _valid_sample(self, step: int) -> Indices:
        """Places of the validation examples that are looked at after a step."""
        interval, places = max(1, self.total_steps // VALIDATIONS), self._valid_places
        if not len(places) or (step != 1 and step % interval):
            return places[:0]
        rng = np.random.default_rng([self.settings.seed, step, _VALIDATION_STREAM])
        size = min(self.settings.batch_size, len(places))
        return places[rng.choice(len(places), size, replace=False)]

    def _evaluate(self, places: Indices) -> WeightedLoss | None:
        return evaluate(self._model.weights, (self._valid[place] for place in places)) if len(places) else None


def evaluate(weights: Weights, examples: Iterable[RenderedExample]) -> WeightedLoss:
    """The loss over at least one trainable example, weighted by token."""
    loss, correct, weight = 0.0, 0.0, 0.0
    for batch in packs(examples, _EVALUATION_TOKENS):
        found = weighted_loss(predict(weights, forward(weights, batch), batch), batch)
        loss, correct, weight = loss + found.loss_sum, correct + found.correct_sum, weight + found.weight_sum
    return WeightedLoss(loss, correct, weight)
