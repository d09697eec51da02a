"""Many training examples in a few flat arrays: some three bytes a token, and no object for each example."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from fttui.engine.nano.arrays import Indices
from fttui.engine.nano.rendering import RenderedExample


class _Column:
    """Numbers of many examples end to end, in a narrow type for as long as that holds them exactly.

    Args:
        narrow: the code of the type, as numpy and the standard library write it.
        wide: of the type that holds everything.
    """

    def __init__(self, narrow: str, wide: str) -> None:
        self._wide = wide
        self._kept = array(narrow)

    def append(self, values: npt.NDArray[np.int32] | npt.NDArray[np.float32]) -> None:
        with np.errstate(invalid="ignore"):
            fitting = values.astype(self._kept.typecode)
        if self._kept.typecode != self._wide and not np.array_equal(fitting, values):
            self._kept = array(self._wide, self._kept)
            fitting = values.astype(self._wide)
        self._kept.frombytes(fitting.tobytes())

    def __len__(self) -> int:
        return len(self._kept)

    def between(self, start: int, end: int) -> npt.NDArray[np.generic]:
        return np.array(self._kept[start:end], self._wide)


class PackedExamples:
    """Examples laid end to end, in the order they came.

    Args:
        examples: taken one by one, so that they need not all be there at once.
    """

    def __init__(self, examples: Iterable[RenderedExample]) -> None:
        self._tokens, self._weights = _Column("H", "i"), _Column("B", "f")
        self._ends, truncated, trainable = array("q", [0]), bytearray(), bytearray()
        for example in examples:
            self._tokens.append(example.tokens)
            self._weights.append(example.weights)
            self._ends.append(len(self._tokens))
            truncated.append(example.truncated)
            trainable.append(example.trainable)
        self._truncated = np.frombuffer(bytes(truncated), np.bool_)
        self._trainable = np.frombuffer(bytes(trainable), np.bool_)

    def __len__(self) -> int:
        return len(self._truncated)

    def __getitem__(self, index: int) -> RenderedExample:
        place = range(len(self))[index]
        start, end = self._ends[place], self._ends[place + 1]
        return RenderedExample(
            np.asarray(self._tokens.between(start, end), np.int32),
            np.asarray(self._weights.between(start, end), np.float32),
            bool(self._truncated[place]),
        )

    def __iter__(self) -> Iterator[RenderedExample]:
        return map(self.__getitem__, range(len(self)))

    @property
    def truncated(self) -> int:
        """How many lost their end."""
        return int(self._truncated.sum())

    @property
    def trainable(self) -> Indices:
        """The places of those from which something is learned."""
        return np.flatnonzero(self._trainable)


def packed(examples: Iterable[RenderedExample]) -> PackedExamples:
    """Pack examples, unless they are packed."""
    return examples if isinstance(examples, PackedExamples) else PackedExamples(examples)
