"""What the embedded engine chooses where a hyperparameter is left to it."""

from __future__ import annotations


def auto_epochs(examples: int) -> int:
    """Epochs: about 2000 examples in all, from 3 to 25 times through the file.

    Args:
        examples: rows of the training file, at least 1.
    """
    return min(25, max(3, round(2000 / examples)))


def auto_batch_size(examples: int) -> int:
    """Examples per step: a twelfth of the file, from 1 to 16.

    Args:
        examples: rows of the training file, at least 1.
    """
    return min(16, max(1, examples // 12))
