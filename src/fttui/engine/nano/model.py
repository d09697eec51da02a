"""A model: its shape, its weights and its vocabulary; and where models come from."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from fttui.engine.nano.bpe import Tokenizer
from fttui.engine.nano.checkpoint import Header, read_arrays, write_arrays
from fttui.engine.nano.config import ModelConfig
from fttui.engine.nano.errors import ModelFileError
from fttui.engine.nano.weights import Weights, parameter_count

BASE_NAME = "local-nano"
SCRATCH_NAME = "local-nano-scratch"
BASE_NAMES = (BASE_NAME, SCRATCH_NAME)

BASE_PACKAGE = "fttui.engine.nano"
BASE_FOLDER = "base"
BASE_FILE = "local-nano.npz"
MANIFEST_FILE = "manifest.json"

_SCRATCH_SEED = 0


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that is needed to run or train."""

    config: ModelConfig
    weights: Weights
    tokenizer: Tokenizer

    def with_weights(self, weights: Weights) -> Model:
        """The same model with other weights."""
        return Model(self.config, weights, self.tokenizer)


def load_base(name: str) -> Model:
    """A base model by name: `local-nano`, or `local-nano-scratch` for the same shape with random weights.

    Raises:
        ModelFileError: there is no base model of that name.
    """
    if name not in BASE_NAMES:
        raise ModelFileError(f"There is no base model named {name}", hint=f"Base models: {', '.join(BASE_NAMES)}.")
    with as_file(files(BASE_PACKAGE).joinpath(BASE_FOLDER, BASE_FILE)) as path:
        model = load_weights(path)
    if name == SCRATCH_NAME:
        return model.with_weights(Weights.random(model.config, _SCRATCH_SEED))
    return model


def load_weights(path: Path) -> Model:
    """A model from a file that `save_weights` wrote.

    Raises:
        ModelFileError: the file is missing, damaged or something else.
    """
    header, arrays = read_arrays(path)
    if "weights" not in arrays:
        raise ModelFileError(f"{path.name} holds no weights")
    return model_from(path, header, arrays["weights"])


def save_weights(model: Model, path: Path) -> None:
    """Write a model in half precision, in one step or not at all."""
    header = {"config": model.config.as_dict(), "tokenizer": model.tokenizer.to_json()}
    write_arrays(path, header, {"weights": model.weights.flat.astype(np.float16)})


def model_from(path: Path, header: Header, flat: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Model:
    """Put a stored model together.

    Raises:
        ModelFileError: header and weights do not belong together.
    """
    try:
        config = ModelConfig.from_dict(header["config"])
        tokenizer = Tokenizer.from_json(header["tokenizer"])
    except (KeyError, TypeError, ValueError) as error:
        raise ModelFileError(f"{path.name} is no model of this engine: {error}") from error
    if tokenizer.vocab_size != config.vocab_size or flat.shape != (parameter_count(config),):
        raise ModelFileError(f"{path.name} is damaged: its weights are not those of its shape and vocabulary")
    return Model(config, Weights(config, flat.astype(np.float32)), tokenizer)
