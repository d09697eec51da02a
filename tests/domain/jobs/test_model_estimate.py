"""What training and using a model costs, reckoned by hand from the price table."""

from __future__ import annotations

from datetime import date

import pytest

from fttui.domain.dataset.record import DataFormat
from fttui.domain.jobs.auto_size import AutoSize, auto_size
from fttui.domain.jobs.feed import JobFeed
from fttui.domain.jobs.inference import Lengths, Rates, Span, Traffic, cacheable, inference_cost
from fttui.domain.jobs.job import Job, JobEvent
from fttui.domain.jobs.ledger import Estimate
from fttui.domain.jobs.model_estimate import ModelEstimate, PaysBack, Question, estimate_model
from fttui.domain.jobs.prices import BOOKS, PriceBook, price_book
from fttui.domain.jobs.token_survey import InstructionCount, RowKind, TokenSurvey, count_for
from fttui.domain.jobs.training_time import paces
from fttui.domain.profiles.profile import Dialect
from fttui.domain.settings import OwnPrice

MINI, BIG, OLD, HOURLY = "gpt-4o-mini-2024-07-18", "gpt-4.1-2025-04-14", "gpt-3.5-turbo", "o4-mini-2025-04-16"
O200K, CL100K = "o200k_base", "cl100k_base"


def survey(
    *kinds: tuple[int, int], answer: int = 100, shared: int = 0, data_format: DataFormat = DataFormat.CHAT
) -> TokenSurvey:
    """A file of so many rows of so many tokens, all with an answer, all under one system prompt if there is one."""
    found = TokenSurvey((O200K,), format=data_format)
    for length, rows in kinds:
        found.kinds[RowKind((length,), (), "s" if shared else "", "")] = rows
        found.examples += rows
        found.usable += rows
        found.answered += rows
        found.answers[0] += answer * rows
        # What a request would send: without the answer and its markers, with those of the reply to come.
        found.prompts[0] += (length - answer - 4 + 3) * rows
    if shared:
        found.systems["s"] = InstructionCount("You are a lamp.", found.usable, {O200K: shared})
    return found


def estimated(
    file: TokenSurvey,
    model: str = MINI,
    dialect: Dialect = Dialect.OPENAI,
    *,
    book: PriceBook | None = None,
    epochs: int | None = None,
    traffic: Traffic | None = None,
) -> ModelEstimate:
    asked = Question("p", dialect, book or BOOKS[dialect], epochs, None, traffic or Traffic())
    return estimate_model(file, file.shared(), model, asked, auto_size(file.usable, dialect))


def test_training_is_tokens_times_epochs_times_price_with_three_more_tokens_a_row_on_top() -> None:
    one = estimated(survey((300, 100)))

    # 100 rows of 300 tokens, three epochs, 3 dollars a million.
    assert (one.epochs, one.steps) == (3, 300)
    assert one.cost is not None
    assert (one.cost.low, one.cost.high) == (0.27, 0.2727)


def test_what_is_beyond_the_limit_of_an_example_is_neither_trained_nor_paid() -> None:
    count = count_for(survey((70_000, 2), (1_000, 8)), BIG)

    assert (count.limit, count.cut_rows, count.cut_tokens) == (65_536, 2, 2 * 4_464)
    assert (count.total, count.billable) == (148_000, 139_072)


def test_each_model_is_counted_in_its_own_encoding_and_cut_at_its_own_limit() -> None:
    file = TokenSurvey((O200K, CL100K), format=DataFormat.CHAT, usable=10)
    file.kinds[RowKind((16_000, 20_000), (), "", "")] = 10

    newer, older = count_for(file, MINI), count_for(file, OLD)
    assert (newer.encoding, newer.total, newer.cut_rows) == (O200K, 160_000, 0)
    assert (older.encoding, older.total, older.cut_rows) == (CL100K, 200_000, 10)
    assert older.cut_tokens == 10 * (20_000 - 16_385)


def test_pictures_cost_each_model_something_else_and_make_it_an_estimate() -> None:
    file = TokenSurvey((O200K,), (BIG, MINI), DataFormat.CHAT, usable=1)
    file.kinds[RowKind((100,), (765, 25_501), "", "")] = 1

    assert [(count_for(file, model).total, count_for(file, model).exact) for model in (BIG, MINI)] == [
        (865, False),
        (25_601, False),
    ]


def test_using_a_tuned_model_stands_beside_using_its_base() -> None:
    one = estimated(survey((1_600, 50)), traffic=Traffic(10_000, 1_500, 200))

    # 10,000 × (1,500 × 0.30 + 200 × 1.20) and 10,000 × (1,500 × 0.15 + 200 × 0.60), a million each.
    assert one.inference.tuned == Span(6.9, 6.9)
    assert one.inference.base == Span(3.45, 3.45)
    assert one.inference.hosting is None


def test_lengths_are_the_means_of_the_file_unless_they_are_told() -> None:
    one = estimated(survey((200, 30), (400, 10), answer=50), traffic=Traffic(answer=80))

    assert one.inference.lengths == Lengths((200 - 51) * 0.75 + (400 - 51) * 0.25, 80)
    assert one.inference.requests == 1_000


def test_a_beginning_that_repeats_may_be_read_from_the_cache_in_whole_steps() -> None:
    rates = Rates(input=0.8, output=3.2, cached_input=0.2)

    assert cacheable(1_023, 5_000) == 0
    assert cacheable(1_200, 5_000) == 1_152
    assert cacheable(5_000, 1_100) == 1_024
    # 10,000 × 1,152 tokens at 0.60 a million less.
    assert inference_cost(rates, 10_000, Lengths(1_500, 200), 1_200).low == pytest.approx(18.4 - 6.912)
    assert inference_cost(rates, 10_000, Lengths(1_500, 200), 1_200, share=0.5).low == pytest.approx(18.4 - 3.456)
    assert inference_cost(rates, 10_000, Lengths(1_500, 200), 1_200).high == pytest.approx(18.4)


def test_leaving_out_what_rows_repeat_saves_in_training_and_pays_it_back_in_use() -> None:
    one = estimated(survey((1_500, 100), shared=1_200))

    less = one.savings
    assert less is not None
    assert less.tokens == 1_200
    assert less.training is not None
    # 100 rows of 300 tokens, three epochs, 3 dollars a million; before it were 1,500 tokens.
    assert (less.training.low, less.training.high) == (0.27, 0.2727)
    assert less.saved == pytest.approx(1.35 - 0.27)
    # A request has 1,399 tokens, 199 without; 100 come back. A million of them: 269.85 on the base, 179.70 on the tune.
    assert less.tuned is not None
    assert less.tuned.high == pytest.approx(0.1797)
    back = less.pays_back
    assert back is not None
    assert back.low == pytest.approx(0.27 / 90.15e-6)
    # The base may read 1,152 of its tokens from the cache for half the price, so that only 3.75 are saved.
    assert back.high == pytest.approx(0.2727 / 3.75e-6)


def test_shorter_prompts_may_never_pay_training_back() -> None:
    less = estimated(survey((200, 100), shared=20)).savings

    assert less is not None
    assert less.pays_back == PaysBack(None, None)


def test_a_month_of_deployment_counts_where_it_is_charged() -> None:
    own = OwnPrice(
        MINI, (("training", 3.0), ("input", 0.3), ("output", 1.2), ("base_input", 0.15), ("base_output", 0.6))
    )
    book = price_book((own,), Dialect.AZURE)
    file = survey((1_500, 100), shared=1_200)

    one = estimated(file, dialect=Dialect.AZURE, book=book, traffic=Traffic(100_000_000))
    assert one.inference.hosting == 1.7 * 730
    assert one.savings is not None
    assert one.savings.pays_back is not None
    # 100 million requests a month save 90.15 dollars a million of them, less the 1,241 of the deployment.
    saved = (9_015 - 1_241) / 100_000_000
    assert one.savings.pays_back.low == pytest.approx(0.27 / saved)
    few = estimated(file, dialect=Dialect.AZURE, book=book, traffic=Traffic(1_000)).savings
    assert few is not None
    assert few.pays_back == PaysBack(None, None)
    # Without a number of requests a month nothing can be said.
    unknown = estimated(file, dialect=Dialect.AZURE, book=book).savings
    assert unknown is not None
    assert unknown.pays_back is None


def test_a_price_that_is_not_known_makes_no_sum() -> None:
    one = estimated(survey((300, 100), shared=200), dialect=Dialect.AZURE)

    assert one.cost is None
    assert (one.inference.tuned, one.inference.base) == (None, None)
    assert one.savings is not None
    assert (one.savings.saved, one.savings.tuned, one.savings.pays_back) == (None, None, None)


def test_training_by_the_hour_has_an_upper_end_where_jobs_are_paused_at_a_sum() -> None:
    file = survey((300, 100), data_format=DataFormat.REINFORCEMENT)
    here, there = estimated(file, HOURLY), estimated(file, HOURLY, Dialect.AZURE)

    assert (here.cost, here.by_the_hour) == (None, 100.0)
    assert there.cost is not None
    assert (there.cost.low, there.cost.high) == (0.0, 5_000.0)
    own = price_book((OwnPrice(HOURLY, (("job_cap", 800.0),)),), Dialect.OPENAI)
    mine = estimated(file, HOURLY, book=own).cost
    assert mine is not None
    assert mine.high == 800.0


def test_prices_of_ones_own_leave_the_others_as_they_ship() -> None:
    book = price_book((OwnPrice("gpt-4o-mini", (("training", 1.0),)),), Dialect.OPENAI)
    price = book.price_of(f"ft:{MINI}:me::1")

    assert price is not None
    assert (price.training, price.input, price.base_output) == (1.0, 0.3, 0.6)
    assert "your settings" in price.source
    assert "OpenAI, pricing page" in price.source


def test_the_embedded_engine_is_free_and_as_fast_as_jobs_before_it() -> None:
    def done(number: int, seconds: int, model: str = "local-nano") -> tuple[JobFeed, Estimate]:
        job = Job(f"j{number}", model, "succeeded", 1_000, "f", finished_at=1_010 + seconds, trained_tokens=1)
        first = JobEvent(f"e{number}", 1_010, "info", "step", "metrics", step=1)
        return JobFeed(job, (first,)), Estimate(epochs=10, epochs_chosen=False, tokens=6_000, free=True)

    pace = paces([done(1, 60), done(2, 120), done(3, 9, "other")])
    file = survey((300, 100))
    asked = Question("local", Dialect.ENGINE, BOOKS[Dialect.ENGINE], paces=pace)
    one = estimate_model(file, file.shared(), "local-nano", asked, auto_size(100, Dialect.ENGINE))

    assert (one.free, one.cost, one.epochs) == (True, None, 20)
    # 600,000 tokens at 1,000 and at 500 a second.
    assert one.time is not None
    assert (one.time.low, one.time.high, one.time.jobs) == (600.0, 1_200.0, 2)


def test_a_file_without_usable_rows_has_no_epochs() -> None:
    one = estimated(TokenSurvey((O200K,), format=DataFormat.CHAT, examples=3))

    assert auto_size(0, Dialect.OPENAI) is None
    assert (one.epochs, one.steps, one.cost) == (0, 0, None)


@pytest.mark.parametrize(
    ("dialect", "size"),
    [
        (Dialect.OPENAI, AutoSize(10, 1)),
        (None, AutoSize(10, 1)),
        (Dialect.ENGINE, AutoSize(25, 1, sure=True)),
        (Dialect.NEBIUS, AutoSize(3, 8, sure=True)),
    ],
)
def test_epochs_and_batches_are_those_the_provider_chooses(dialect: Dialect | None, size: AutoSize) -> None:
    assert auto_size(10, dialect) == size


def test_instructions_are_shared_from_a_tenth_of_the_rows_on() -> None:
    file = survey((300, 100), shared=50)
    file.systems["s"].rows = 9
    assert not file.shared()
    file.systems["s"].rows = 10
    assert file.shared().tokens(O200K) == 50


def test_surveys_of_parts_make_the_survey_of_the_whole() -> None:
    whole, part = survey((300, 60), shared=50), survey((300, 40), (500, 1), shared=50)
    whole.join(part)

    assert (whole.usable, whole.kinds[RowKind((300,), (), "s", "")]) == (101, 100)
    assert whole.systems["s"].rows == 101
    assert count_for(whole, MINI).total == 30_500


def test_last_days_are_those_of_the_base() -> None:
    lifecycle = estimated(survey((300, 100))).lifecycle

    assert lifecycle is not None
    assert lifecycle.shuts_down == date(2027, 1, 14)
