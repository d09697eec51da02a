"""Which checkpoint is the best one."""

from __future__ import annotations

from fttui.domain.jobs.job import Checkpoint
from fttui.domain.jobs.ranking import Ranking, best, measure_of, ranked, rankings_of


def checkpoint(step: int, **metrics: float) -> Checkpoint:
    return Checkpoint(f"ckpt-{step}", "ftjob-1", f"ft:nano:ckpt-step-{step}", step, 0, metrics)


def test_the_lowest_full_validation_loss_wins_even_where_the_training_loss_is_higher() -> None:
    early = checkpoint(10, train_loss=0.9, valid_loss=0.5, full_valid_loss=0.4)
    late = checkpoint(20, train_loss=0.1, valid_loss=0.3, full_valid_loss=0.7)

    assert best((early, late)) == early
    assert measure_of((early, late)) == "full_valid_loss"


def test_the_validation_loss_ranks_where_not_all_have_a_full_one() -> None:
    early, late = checkpoint(10, valid_loss=0.5, full_valid_loss=0.1), checkpoint(20, valid_loss=0.3)

    assert best((early, late)) == late


def test_the_earlier_of_equals_wins() -> None:
    assert best((checkpoint(20, valid_loss=0.5), checkpoint(10, valid_loss=0.5))) == checkpoint(10, valid_loss=0.5)


def test_without_validation_there_is_no_best_one() -> None:
    assert best((checkpoint(10, train_loss=0.1),)) is None
    assert best(()) is None
    assert best((checkpoint(10, valid_loss=float("nan")),)) is None


def test_by_accuracy_the_highest_wins() -> None:
    low_loss = checkpoint(10, full_valid_loss=0.2, full_valid_mean_token_accuracy=0.8)
    accurate = checkpoint(20, full_valid_loss=0.3, full_valid_mean_token_accuracy=0.9)

    assert best((low_loss, accurate)) == low_loss
    assert best((low_loss, accurate), Ranking.ACCURACY) == accurate
    assert ranked((low_loss, accurate), Ranking.ACCURACY) == (accurate, low_loss)


def test_without_a_measure_the_order_is_that_of_the_steps() -> None:
    late, early = checkpoint(20, full_valid_loss=0.1), checkpoint(10)

    assert ranked((late, early)) == (early, late)
    assert best((late, early), Ranking.ACCURACY) is None


def test_without_a_validation_loss_the_accuracy_or_the_reward_tells() -> None:
    poor, good = (checkpoint(step, full_valid_mean_reward=reward) for step, reward in ((10, 0.2), (20, 0.7)))
    accurate, other = (checkpoint(step, valid_mean_token_accuracy=share) for step, share in ((10, 0.9), (20, 0.8)))

    assert best((poor, good)) == good
    assert rankings_of((poor, good)) == (Ranking.REWARD,)
    assert best((accurate, other)) == accurate
