"""A run: its steps, its numbers, and going on after a stop."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from fttui.engine.nano.checkpoint import read_arrays, write_arrays
from fttui.engine.nano.errors import ModelFileError, NothingToTrainError, TrainingDivergedError
from fttui.engine.nano.model import Model, load_weights
from fttui.engine.nano.optimizer import learning_rate_at
from fttui.engine.nano.rendering import RenderedExample
from fttui.engine.nano.training import StepMetrics, TrainingRun, TrainingSettings, evaluate, resolve_settings
from nano_examples import random_examples

SETTINGS = TrainingSettings(n_epochs=3, batch_size=4, learning_rate_multiplier=1.0, seed=5)


@pytest.fixture
def train(small_model: Model) -> list[RenderedExample]:
    return random_examples(small_model.config.vocab_size, [8, 12, 5, 9, 11, 7, 6, 10, 13, 8])


@pytest.fixture
def valid(small_model: Model) -> list[RenderedExample]:
    return random_examples(small_model.config.vocab_size, [9, 7, 12, 6, 8], seed=1)


def finish(run: TrainingRun) -> list[StepMetrics]:
    found = []
    while not run.finished:
        found.append(run.advance())
    return found


def test_a_run_goes_through_all_examples_every_epoch(small_model: Model, train: list[RenderedExample]) -> None:
    run = TrainingRun.start(small_model, train, [], SETTINGS)
    steps = finish(run)

    assert [step.step for step in steps] == list(range(1, 10))
    assert run.total_steps == 9
    assert run.epoch == 3
    assert run.trained_tokens == 3 * sum(len(example.tokens) for example in train)


def test_training_lowers_the_loss_and_leaves_the_given_model_alone(
    small_model: Model, train: list[RenderedExample]
) -> None:
    before = small_model.weights.flat.copy()
    settings = TrainingSettings(n_epochs=40, batch_size=4, learning_rate_multiplier=3.0, seed=5)
    run = TrainingRun.start(small_model, train, [], settings)
    steps = finish(run)

    assert steps[-1].train_loss < steps[0].train_loss / 2
    assert steps[-1].train_mean_token_accuracy > steps[0].train_mean_token_accuracy
    np.testing.assert_array_equal(small_model.weights.flat, before)


def test_validation_is_measured_on_samples_and_in_full_at_epoch_ends(
    small_model: Model, train: list[RenderedExample], valid: list[RenderedExample]
) -> None:
    run = TrainingRun.start(small_model, train, valid, SETTINGS)
    steps = finish(run)

    assert [step.step for step in steps if step.full_valid_loss is not None] == [3, 6, 9]
    assert all(step.valid_loss is not None for step in steps)
    whole = evaluate(run.model.weights, valid)
    assert steps[-1].full_valid_loss == pytest.approx(whole.mean)
    assert steps[-1].full_valid_mean_token_accuracy == pytest.approx(whole.accuracy)


def test_without_validation_examples_nothing_is_evaluated(small_model: Model, train: list[RenderedExample]) -> None:
    for step in finish(TrainingRun.start(small_model, train, [], SETTINGS)):
        assert step.valid_loss is None
        assert step.full_valid_loss is None


def test_the_validation_loss_does_not_depend_on_how_examples_are_batched(
    small_model: Model, valid: list[RenderedExample]
) -> None:
    alone = [evaluate(small_model.weights, [example]) for example in valid]
    mean = sum(loss.loss_sum for loss in alone) / sum(loss.weight_sum for loss in alone)

    assert evaluate(small_model.weights, valid).mean == pytest.approx(mean, rel=1e-5)


@pytest.mark.parametrize("stops", [[4], [1, 2, 3], [3, 8], range(1, 9)])
def test_a_run_that_was_stopped_goes_on_to_the_bit(
    small_model: Model,
    train: list[RenderedExample],
    valid: list[RenderedExample],
    tmp_path: Path,
    stops: list[int],
) -> None:
    undisturbed = TrainingRun.start(small_model, train, valid, SETTINGS)
    expected = finish(undisturbed)

    path = tmp_path / "last.npz"
    run = TrainingRun.start(small_model, train, valid, SETTINGS)
    found = []
    while not run.finished:
        found.append(run.advance())
        if run.step in stops:
            run.save(path)
            run = TrainingRun.resume(path, train, valid)

    assert found == expected
    np.testing.assert_array_equal(run.model.weights.flat, undisturbed.model.weights.flat)
    assert run.trained_tokens == undisturbed.trained_tokens


def test_two_runs_with_one_seed_are_alike_and_another_seed_changes_the_order(
    small_model: Model, train: list[RenderedExample]
) -> None:
    other = TrainingSettings(n_epochs=3, batch_size=4, learning_rate_multiplier=1.0, seed=6)

    def losses(settings: TrainingSettings) -> list[float]:
        return [step.train_loss for step in finish(TrainingRun.start(small_model, train, [], settings))]

    assert losses(SETTINGS) == losses(SETTINGS)
    assert losses(SETTINGS) != losses(other)


def test_a_checkpoint_belongs_to_its_examples(small_model: Model, train: list[RenderedExample], tmp_path: Path) -> None:
    path = tmp_path / "last.npz"
    TrainingRun.start(small_model, train, [], SETTINGS).save(path)

    with pytest.raises(ModelFileError, match="other examples"):
        TrainingRun.resume(path, train[1:], [])


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "not a checkpoint"])
def test_a_damaged_checkpoint_is_refused_by_name(
    small_model: Model, train: list[RenderedExample], tmp_path: Path, damage: str
) -> None:
    path = tmp_path / "last.npz"
    run = TrainingRun.start(small_model, train, [], SETTINGS)
    run.save(path)
    if damage == "missing":
        path.unlink()
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-1000])
    else:
        run.export(path)

    with pytest.raises(ModelFileError, match=r"last\.npz"):
        TrainingRun.resume(path, train, [])


def test_a_save_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "last.npz"
    write_arrays(path, {"step": 1}, {"a": np.zeros(3)})

    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_arrays(path, {"step": 2}, {"a": np.ones(3)})
    monkeypatch.undo()

    assert read_arrays(path)[0] == {"step": 1}
    assert [entry.name for entry in tmp_path.iterdir()] == ["last.npz"]


def test_exported_weights_are_those_of_the_run_in_half_precision(
    small_model: Model, train: list[RenderedExample], tmp_path: Path
) -> None:
    run = TrainingRun.start(small_model, train, [], SETTINGS)
    finish(run)
    run.export(tmp_path / "model.npz")
    model = load_weights(tmp_path / "model.npz")

    np.testing.assert_allclose(model.weights.flat, run.model.weights.flat, rtol=1e-3, atol=1e-6)
    assert model.config == small_model.config
    assert model.tokenizer.merges == small_model.tokenizer.merges


def test_examples_without_a_trained_token_are_left_out_and_counted(
    small_model: Model, train: list[RenderedExample]
) -> None:
    silent = RenderedExample(train[0].tokens, np.zeros_like(train[0].weights), truncated=False)
    run = TrainingRun.start(small_model, [silent, *train], [silent], SETTINGS)

    assert run.skipped == 1
    assert run.total_steps == 9
    with pytest.raises(NothingToTrainError):
        TrainingRun.start(small_model, [silent], [], SETTINGS)


def test_a_message_of_weight_0_changes_nothing(small_model: Model, train: list[RenderedExample]) -> None:
    half = train[0].weights.copy()
    half[: len(half) // 2] = 0
    masked = RenderedExample(train[0].tokens, half, truncated=False)
    silent = RenderedExample(train[1].tokens, np.zeros_like(train[1].weights), truncated=False)

    def trained(examples: list[RenderedExample]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        run = TrainingRun.start(small_model, examples, [], SETTINGS)
        finish(run)
        return run.model.weights.flat

    np.testing.assert_array_equal(trained([masked]), trained([masked, silent]))
    assert not np.array_equal(trained([masked]), trained([train[0]]))


@pytest.mark.parametrize("poison", [np.nan, np.inf])
def test_a_loss_that_is_no_number_ends_the_run(small_model: Model, train: list[RenderedExample], poison: float) -> None:
    run = TrainingRun.start(small_model, train, [], SETTINGS)
    run.advance()
    run.model.weights.embedding[:] = poison

    with pytest.raises(TrainingDivergedError, match="step 2"):
        run.advance()
    assert run.step == 1


def test_a_learning_rate_beyond_all_measure_diverges_with_a_hint(
    small_model: Model, train: list[RenderedExample]
) -> None:
    wild = TrainingSettings(n_epochs=50, batch_size=1, learning_rate_multiplier=1e30, seed=0)

    with pytest.raises(TrainingDivergedError) as caught:
        finish(TrainingRun.start(small_model, train, [], wild))
    assert "learning rate" in caught.value.hint


@pytest.mark.parametrize(
    ("examples", "epochs", "batch"), [(10, 25, 1), (50, 25, 4), (100, 20, 8), (300, 7, 16), (5000, 3, 16)]
)
def test_what_is_left_to_the_engine_follows_from_the_number_of_examples(examples: int, epochs: int, batch: int) -> None:
    assert resolve_settings(examples, None, None, None, 3) == TrainingSettings(epochs, batch, 1.0, 3)


def test_what_is_given_is_kept() -> None:
    assert resolve_settings(100, 2, 5, 0.3, 9) == TrainingSettings(2, 5, 0.3, 9)


def test_the_learning_rate_warms_up_and_falls_to_a_tenth() -> None:
    rates = [learning_rate_at(step, 100, 1.0) for step in range(1, 101)]

    assert rates[:5] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert all(later < earlier for earlier, later in pairwise(rates[4:]))
    assert rates[-1] == pytest.approx(0.1)
    assert learning_rate_at(1, 1, 1.0) == 1.0
