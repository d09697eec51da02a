"""The journal keeps everything once and in order, survives other writers and broken files, and says what is wrong."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from fttui.domain.errors import JournalError
from fttui.domain.jobs.feed import JobUpdate
from fttui.domain.jobs.job import Checkpoint, Job, JobEvent, JobFailure, Method
from fttui.domain.jobs.operation import Operation, OperationState
from fttui.domain.jobs.spec import JobSpec
from fttui.services.jobs.journal import Bookmark, Journal

FULL_JOB = Job(
    id="ftjob-1",
    model="base",
    status="failed",
    created_at=100,
    training_file="file-1",
    validation_file="file-2",
    fine_tuned_model="ft:base:名",
    finished_at=200,
    estimated_finish=300,
    trained_tokens=4000,
    method="dpo",
    hyperparameters={"beta": 0.1, "n_epochs": 3, "batch_size": "auto"},
    suffix="s",
    seed=7,
    metadata={"a": "b"},
    result_files=("file-3", "file-4"),
    failure=JobFailure("code", "message", "param"),
)
JOB = Job("ftjob-2", "base", "running", 200, "file-1")


def event(number: int, at: int | None = None) -> JobEvent:
    time = 1000 + number if at is None else at
    return JobEvent(f"e{number}", time, "info", f"line {number}", "metrics", number, 9, {"train_loss": number / 10})


def checkpoint(step: int) -> Checkpoint:
    return Checkpoint(f"c{step}", "ftjob-2", f"ft:base:ckpt-step-{step}", step, 5, {"valid_loss": 0.25})


def operation(name: str = "op-1", at: float = 50.0) -> Operation:
    spec = JobSpec("base", "file-1", method=Method.PREFERENCE, hyperparameters={"beta": 0.1}, metadata={"k": "v"})
    return Operation(name, "local", OperationState.INTENT, spec, at)


def test_a_job_comes_back_as_it_went_in(journal: Journal) -> None:
    journal.record("local", FULL_JOB.id, JobUpdate(FULL_JOB), seen_at=12.5)

    (entry,) = journal.jobs()
    assert (entry.job, entry.profile, entry.seen_at, entry.complete) == (FULL_JOB, "local", 12.5, False)


def test_events_and_checkpoints_come_back_after_a_restart(journal: Journal) -> None:
    update = JobUpdate(JOB, tuple(map(event, range(5))), (checkpoint(2), checkpoint(4)))
    journal.record("local", JOB.id, update)
    journal.close()

    feed = Journal(journal.path).feed("local", JOB.id)
    assert (feed.job, feed.events, feed.checkpoints) == (JOB, update.events, update.checkpoints)


def test_each_event_is_kept_once_however_often_it_comes(journal: Journal) -> None:
    chosen = random.Random(5)
    for _ in range(20):
        journal.record("local", JOB.id, JobUpdate(events=tuple(map(event, chosen.sample(range(30), 10)))))

    events = journal.feed("local", JOB.id).events
    assert [one.id for one in events] == sorted({one.id for one in events}, key=lambda name: int(name[1:]))


def test_events_of_one_second_keep_the_order_they_came_in(journal: Journal) -> None:
    journal.record("local", JOB.id, JobUpdate(events=(event(3, 50), event(1, 50))))
    journal.record("local", JOB.id, JobUpdate(events=(event(2, 50), event(0, 40))))

    assert [one.id for one in journal.feed("local", JOB.id).events] == ["e0", "e3", "e1", "e2"]


def test_the_checkpoints_are_those_that_are_kept_now(journal: Journal) -> None:
    journal.record("local", JOB.id, JobUpdate(checkpoints=tuple(map(checkpoint, (1, 2, 3)))))
    journal.record("local", JOB.id, JobUpdate(checkpoints=tuple(map(checkpoint, (2, 3, 4)))))
    journal.record("local", JOB.id, JobUpdate())

    assert [one.step for one in journal.feed("local", JOB.id).checkpoints] == [2, 3, 4]


def test_news_since_a_bookmark_are_the_news_of_all_writers(journal: Journal) -> None:
    other = Journal(journal.path)
    journal.record("local", JOB.id, JobUpdate(JOB, (event(1),), (checkpoint(1),)))
    first, bookmark = journal.news("local", JOB.id, Bookmark())
    nothing, bookmark = journal.news("local", JOB.id, bookmark)
    other.record("local", JOB.id, JobUpdate(replace(JOB, status="paused"), (event(1), event(2))))
    news, bookmark = journal.news("local", JOB.id, bookmark)
    again, _ = journal.news("local", JOB.id, bookmark)
    other.close()

    assert first == JobUpdate(JOB, (event(1),), (checkpoint(1),))
    assert nothing == again == JobUpdate()
    assert news == JobUpdate(replace(JOB, status="paused"), (event(2),))


def test_the_same_job_in_two_profiles_is_two_jobs(journal: Journal) -> None:
    journal.record("local", JOB.id, JobUpdate(JOB, (event(1),)))
    journal.record("other", JOB.id, JobUpdate(replace(JOB, status="queued")))

    assert journal.feed("other", JOB.id).events == ()
    assert [entry.job.status for entry in journal.jobs("other")] == ["queued"]
    assert {entry.profile for entry in journal.find(JOB.id)} == {"local", "other"}


def test_jobs_come_newest_first(journal: Journal) -> None:
    journal.adopt("local", [replace(JOB, id=f"j{at}", created_at=at) for at in (5, 9, 7)], seen_at=1)

    assert [entry.job.id for entry in journal.jobs()] == ["j9", "j7", "j5"]


def test_an_old_look_at_a_job_does_not_make_it_seen_earlier(journal: Journal) -> None:
    journal.adopt("local", [JOB], seen_at=100)
    journal.adopt("local", [JOB], seen_at=50)

    assert journal.jobs()[0].seen_at == 100


def test_a_launch_is_open_until_it_is_settled(journal: Journal) -> None:
    journal.begin(operation())
    assert [one.is_open for one in journal.operations("local", only_open=True)] == [True]

    journal.settle("op-1", OperationState.UNKNOWN, note="lost")
    assert journal.operations(only_open=True)[0].note == "lost"

    journal.settle("op-1", OperationState.CREATED, job=JOB, seen_at=9)
    (settled,) = journal.operations()
    assert (settled.state, settled.job_id, settled.spec) == (OperationState.CREATED, JOB.id, operation().spec)
    assert journal.operations(only_open=True) == []
    assert journal.jobs("local")[0].job == JOB


def test_a_launch_cannot_be_begun_twice(journal: Journal) -> None:
    journal.begin(operation())

    with pytest.raises(JournalError):
        journal.begin(operation())


def test_an_intent_is_there_after_a_kill(journal: Journal) -> None:
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from fttui.domain.jobs.operation import Operation, OperationState\n"
        "from fttui.domain.jobs.spec import JobSpec\n"
        "from fttui.services.jobs.journal import Journal\n"
        "journal = Journal(Path(sys.argv[1]))\n"
        "journal.begin(Operation('op-k', 'local', OperationState.INTENT, JobSpec('m', 'f'), 1.0))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(journal.path)], check=False)

    assert killed.returncode == -9
    assert [one.id for one in journal.operations(only_open=True)] == ["op-k"]


def test_two_programs_may_write_at_once(journal: Journal) -> None:
    other = Journal(journal.path)
    failures: list[JournalError] = []

    def write(one: Journal, start: int) -> None:
        try:
            for number in range(start, start + 60):
                one.record("local", JOB.id, JobUpdate(JOB, (event(number),)))
                one.feed("local", JOB.id)
        except JournalError as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=each) for each in ((journal, 0), (other, 40), (journal, 80))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()

    assert failures == []
    assert len(journal.feed("local", JOB.id).events) == 140


def test_an_entry_that_cannot_be_read_is_told(journal: Journal) -> None:
    journal.adopt("local", [JOB], seen_at=1)
    with journal._store.write(durable=False) as database:
        database.execute("""UPDATE jobs SET document = '{"id": 5, "colour": "green"}'""")

    with pytest.raises(JournalError, match="cannot be read"):
        journal.jobs()


def test_the_journal_is_this_users_alone(journal: Journal) -> None:
    journal.adopt("local", [JOB], seen_at=1)

    assert journal.path.stat().st_mode & 0o077 == 0
    assert journal.path.parent.stat().st_mode & 0o077 == 0


def test_files_sent_and_results_fetched_are_remembered(journal: Journal) -> None:
    journal.remember_upload("local", "abc", "file-1", at=1)
    journal.remember_upload("local", "abc", "file-2", at=2)
    journal.keep_result("local", JOB.id, "file-r", b"step,\x00")

    assert journal.uploaded("local", "abc") == "file-2"
    assert journal.uploaded("other", "abc") is None
    assert journal.result("local", JOB.id, "file-r") == b"step,\x00"
    assert journal.result("local", JOB.id, "file-x") is None
