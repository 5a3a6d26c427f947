"""A network runs in a process of its own, and its failure is told in a line."""

import sys

import pytest

from advisor.bench import verify
from advisor.bench.runner import Errand
from advisor.bench.task import TaskError
from advisor.bench.verify import run_network


def errand(network, **more):
    return Errand(network=network, phase="inference", batch=1, threads=1, seconds=0.0, **more)


def test_a_reference_network():
    pytest.importorskip("torch", reason="torch is not installed")
    ran = run_network(errand("advisor.model.networks.rl"))
    assert len(ran.seconds) >= 3
    assert ran.peak_bytes > 5e7


@pytest.mark.parametrize(
    ("network", "words"), [("no_such_module", "No module named"), ("math:tau", "not callable")]
)
def test_what_cannot_run_says_why(network, words):
    pytest.importorskip("torch", reason="torch is not installed")
    with pytest.raises(TaskError, match=words):
        run_network(errand(network))


def test_silence_ends():
    with pytest.raises(TaskError, match=r"silent for 0\.001 s"):
        run_network(errand("math"), limit=0.001)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no such limit")
def test_what_fills_too_much_memory_dies_by_itself():
    pytest.importorskip("torch", reason="torch is not installed")
    with pytest.raises(TaskError, match=r"(?i)memory|alloc"):
        run_network(errand("advisor.model.networks.recommender", most_bytes=6e8))  # needs 0.9 GB


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        (b"Traceback\nValueError: no\n", "ValueError: no"),
        (b"torch._x.exc.MadeError: C++ compile error\n\nSet VERBOSE=1 for more\n",
         "torch._x.exc.MadeError: C++ compile error"),
        (b"something\nelse", "else"),
        (b"", "no word, exit code 1"),
    ],
)  # fmt: skip
def test_the_line_that_says_what_went_wrong(errors, words):
    assert verify._last_words(errors, 1) == words
