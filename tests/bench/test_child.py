import math
import os
import queue
import signal
from types import SimpleNamespace

import pytest

from advisor.bench import child
from advisor.bench.messages import Start
from advisor.bench.task import TaskError
from advisor.errors import AdvisorError
from tests.bench.fakes import task

COPY = task(
    "memory.copy",
    benchmark="memory",
    unit="bytes/s",
    work=2.0**17,
    bytes=3 * 2**16,
    conditions={"bytes": 2**16, "cache_bytes": 1},
)


@pytest.fixture
def worker(tmp_path):
    made = child.Child(Start(1, str(tmp_path), with_torch=False))
    yield made
    made.close()


def test_a_task_is_timed_in_another_process(worker):
    assert worker.survey().torch is None
    sample = worker.sample(COPY, 3, 2)
    assert len(sample.seconds) == 2
    assert all(0 < seconds < 1 for seconds in sample.seconds)


def test_a_silent_worker_is_abandoned_and_the_next_task_has_a_new_one(worker, monkeypatch):
    worker.survey()
    worker.sample(COPY, 1, 1)
    first = worker._process.pid
    os.kill(first, signal.SIGSTOP)
    monkeypatch.setattr(child, "LATER_SECONDS", 0.2)
    monkeypatch.setattr(child, "LEAST_SECONDS", 0.1)
    with pytest.raises(TaskError, match=r"silent for 0\.2 s") as caught:
        worker.sample(COPY, 1, 1)
    assert caught.value.lost
    assert worker._process is None
    assert worker.sample(COPY, 1, 1).seconds
    assert worker._process.pid != first


class Hours:
    """Replies of which so many polls see nothing; each may last an hour, for we stood still."""

    def __init__(self, silent):
        self.silent, self.waited = silent, 0.0

    def get(self, timeout):
        self.waited += timeout
        self.silent -= 1
        if self.silent >= 0:
            raise queue.Empty
        return b"a reply"


@pytest.mark.parametrize("seconds", [0.2, 10.0, 20.0])
def test_silence_is_what_we_waited_awake_whatever_the_clock_says(worker, seconds):
    polls = math.ceil(seconds / child._POLL_SECONDS)
    worker._lines = Hours(polls - 1)
    assert worker._line(seconds) == b"a reply"
    worker._lines = Hours(polls)
    with pytest.raises(queue.Empty):
        worker._line(seconds)
    assert worker._lines.waited == pytest.approx(seconds)


@pytest.mark.parametrize("stopped", [0.0, 1.0, 3600.0])
def test_a_poll_that_was_stopped_says_how_long(worker, monkeypatch, stopped):
    times, told = iter([10.0, 10.25 + stopped]), []
    monkeypatch.setattr(child, "time", SimpleNamespace(perf_counter=lambda: next(times)))
    worker.stood_still = told.append
    worker._lines = Hours(0)
    assert worker._poll(0.25) == b"a reply"
    assert told == ([stopped] if stopped > 2 else [])


def test_a_worker_that_dies_is_told_of_with_its_last_words(worker):
    worker.survey()
    worker._process.kill()
    with pytest.raises(TaskError, match="the worker process ended"):
        worker.sample(COPY, 1, 1)


def test_an_unknown_benchmark_is_a_failure_not_a_crash(worker):
    worker.survey()
    with pytest.raises(TaskError, match="nonsense") as failed:
        worker.sample(task("nonsense"), 1, 1)
    assert not failed.value.lost


def test_when_loading_torch_ends_the_worker_it_is_asked_again_without(tmp_path, monkeypatch):
    (tmp_path / "torch.py").write_text("import os, sys\nsys.stderr.write('boom')\nos._exit(9)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = child.Child(Start(1, str(tmp_path)))
    try:
        survey = made.survey()
    finally:
        made.close()
    assert survey.torch is None
    assert survey.why == "the worker process ended: boom"


def test_a_worker_that_never_answers_is_one_clear_line(worker, monkeypatch):
    monkeypatch.setattr(child, "START_SECONDS", 0.0)
    with pytest.raises(AdvisorError, match="start the process") as caught:
        worker.survey()
    assert (caught.value.wrong, caught.value.code) == ("silent for 0 s, and abandoned", 4)


def test_closing_leaves_no_process(worker):
    worker.survey()
    process = worker._process
    worker.close()
    assert process.poll() is not None
    worker.close()


@pytest.mark.parametrize(
    ("run", "first", "later"), [(5.0, 10.0, 10.0), (30.0, 30.0, 20.0), (600.0, 60.0, 20.0)]
)
def test_a_request_may_not_take_many_times_the_run(run, first, later):
    made = child.Child(Start(1, ".", seconds=run))
    assert made._patience(COPY) == first
    made._seen.add(COPY.key)
    assert made._patience(COPY) == later
