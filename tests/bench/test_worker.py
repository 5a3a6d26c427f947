import io

import msgspec
import pytest

from advisor.bench.messages import Broken, Reply, Start, Survey, Take, Taken
from advisor.bench.task import TaskError
from advisor.bench.worker import Worker, serve
from tests.bench.fakes import task

PLAIN = Start(1, ".", with_torch=False)


def worker(prepare):
    made = Worker()
    made._plugins = {"matmul": type("Plugin", (), {"prepare": staticmethod(prepare)})}
    made.answer(PLAIN)
    return made


def raising(error):
    def prepare(task, hands):
        raise error

    return prepare


def test_replies_come_one_a_line_in_order():
    copy = {"conditions": {"bytes": 2**16, "cache_bytes": 1}, "bytes": 3 * 2**16}
    asked = [PLAIN, Take(task("memory.copy", benchmark="memory", **copy), 2, 3)]
    replies = io.BytesIO()
    serve(io.BytesIO(b"\n".join(map(msgspec.json.encode, asked))), replies)
    survey, taken = [
        msgspec.json.decode(line, type=Reply) for line in replies.getvalue().splitlines()
    ]
    assert isinstance(survey, Survey)
    assert survey.torch is None
    assert isinstance(taken, Taken)
    assert len(taken.sample.seconds) == 3
    assert taken.sample.conditions["method"] == "libc memcpy"


def test_a_task_is_made_ready_once():
    made = []

    def prepare(task, hands):
        from advisor.bench.task import Ready

        made.append(task.key)
        return Ready(call=lambda: None)

    ready = worker(prepare)
    for _ in range(3):
        assert isinstance(ready.answer(Take(task(), 1, 1)), Taken)
    assert len(made) == 1


@pytest.mark.parametrize(
    ("error", "reply"),
    [
        (TaskError("no", remedy="yes", lost=True), Broken("no", "yes", True)),
        (MemoryError(), Broken("out of memory", "close other programs")),
        (RuntimeError("not implemented\nfor 'Half'\x1b[0m"), Broken("not implemented")),
        (
            RuntimeError("[enforce fail] can't allocate memory: 8 bytes"),
            Broken(
                "[enforce fail] can't allocate memory: 8 bytes",
                "close other programs that use this memory",
            ),
        ),
        (ValueError("bad\x1b[31m value"), Broken("bad [31m value")),
        (NotImplementedError(), Broken("NotImplementedError")),
        (AttributeError("no attribute 'next'"), Broken("no attribute 'next'")),
    ],
)
def test_a_foreign_failure_becomes_one_line(error, reply):
    assert worker(raising(error)).answer(Take(task(), 1, 1)) == reply


class Gone:
    class cuda:  # noqa: N801 - torch's name
        @staticmethod
        def synchronize():
            raise RuntimeError("CUDA error: unspecified launch failure")


def test_a_device_that_answers_no_more_is_lost():
    made = worker(raising(RuntimeError("CUDA error: unspecified launch failure")))
    made._hands.torch = Gone
    assert made.answer(Take(task(torch="cuda:0", device="gpu:0"), 1, 1)).lost
    assert not made.answer(Take(task(torch="cpu"), 1, 1)).lost


@pytest.mark.torch
def test_torch_is_set_up_on_purpose():
    torch = pytest.importorskip("torch", reason="torch is not installed")
    before = (torch.get_num_threads(), torch.is_grad_enabled())
    try:
        survey = Worker().answer(Start(1, "."))
        assert survey.torch == torch.__version__
        assert survey.found[0].kind == "cpu"
        assert (torch.get_num_threads(), torch.is_grad_enabled()) == (1, False)
    finally:
        torch.set_num_threads(before[0])
        torch.set_grad_enabled(before[1])
