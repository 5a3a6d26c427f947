import time
from types import SimpleNamespace as Fake

import pytest

from advisor.bench.hands import Hands, _batch
from advisor.bench.messages import Start
from advisor.bench.task import Ready
from tests.bench.fakes import task


def test_a_batch_that_takes_far_too_long_is_cut_short():
    seen = []

    def slow():
        seen.append(1)
        time.sleep(0.03)

    seconds, done = _batch(slow, 1000, 0.02)
    assert done == len(seen) == 1
    assert seconds >= 0.03
    assert _batch(lambda: seen.append(1), 13, 1.0)[1] == 13
    assert len(seen) == 14


@pytest.fixture
def hands():
    return Hands(None, Start(1, "."))


@pytest.mark.parametrize(
    ("calls", "samples", "made", "batches"), [(5, 3, 16, 3), (1, 3, 3, 3), (1, 1, 1, 1)]
)
def test_the_first_call_is_timed_apart(hands, calls, samples, made, batches):
    seen = []
    sample = hands.sample(task(), Ready(call=lambda: seen.append(1)), calls, samples)
    assert len(seen) == made
    assert len(sample.seconds) == batches
    assert all(seconds > 0 for seconds in sample.seconds)
    assert sample.first > 0


def test_how_it_was_done_comes_along(hands):
    ready = Ready(call=int, work=5.0, conditions={"method": "x"}, doubt="may be cache")
    sample = hands.sample(task(), ready, 1, 1)
    assert (sample.work, sample.conditions, sample.doubt) == (5.0, {"method": "x"}, "may be cache")


class FakeModule:
    """A device whose events say that every batch took so many milliseconds."""

    def __init__(self, milliseconds):
        self.milliseconds = milliseconds
        self.waits = 0

    def synchronize(self):
        self.waits += 1

    def Event(self, *, enable_timing):  # noqa: N802 - torch's name
        assert enable_timing
        return Fake(record=lambda: None, elapsed_time=lambda end: self.milliseconds)


def device(milliseconds):
    backends = Fake(cudnn=Fake(allow_tf32=None))
    settings = []
    fake = Fake(cuda=FakeModule(milliseconds), backends=backends, settings=settings)
    fake.set_float32_matmul_precision = settings.append
    return fake


def test_a_device_is_timed_by_its_own_events_checked_against_the_wall():
    torch = device(milliseconds=20_000.0)
    sample = Hands(torch, Start(1, ".")).sample(
        task(torch="cuda:0"), Ready(call=lambda: None), 10, 2
    )
    assert sample.seconds == (2.0, 2.0)
    assert sample.first == 20.0
    assert sample.disagreement > 1  # twenty seconds did not pass
    assert torch.cuda.waits == 6


@pytest.mark.parametrize(("dtype", "precision"), [("fp32", "highest"), ("tf32", "high")])
def test_tf32_is_set_on_purpose(dtype, precision):
    torch = device(milliseconds=1.0)
    hands = Hands(torch, Start(1, "."))
    hands.sample(task(dtype=dtype, torch="cuda:0"), Ready(call=lambda: None), 1, 1)
    assert torch.settings == [precision]
    assert torch.backends.cudnn.allow_tf32 is (dtype == "tf32")


@pytest.mark.torch
def test_inputs_are_the_same_normals_each_time():
    torch = pytest.importorskip("torch", reason="torch is not installed")
    one, other = (Hands(torch, Start(1, ".")).normal("x", 1000, "fp32", "cpu") for _ in range(2))
    assert torch.equal(one, other)
    assert abs(float(one.mean())) < 0.1
    assert abs(float(one.std()) - 1) < 0.1


@pytest.mark.torch
@pytest.mark.parametrize("dtype", ["fp32", "bf16", "fp16", "fp64", "fp8", "int8"])
def test_every_format_has_inputs_that_are_not_zero(dtype):
    torch = pytest.importorskip("torch", reason="torch is not installed")
    hands = Hands(torch, Start(1, "."))
    made = hands.normal("x", 4096, dtype, "cpu")
    assert made.dtype == hands.dtype(dtype)
    assert made.float().abs().max() > 1
    assert hands.normal("x", 16, dtype, "cpu").data_ptr() == made.data_ptr()


@pytest.mark.torch
@pytest.mark.parametrize("dtype", ["fp32", "bf16", "fp8", "int8"])
def test_a_large_pool_repeats_its_draws_but_rows_do_not_line_up(dtype):
    torch = pytest.importorskip("torch", reason="torch is not installed")
    hands = Hands(torch, Start(1, "."))
    rows = hands.normal("x", 2048 * 1024, dtype, "cpu").view(2048, 1024).float()
    assert torch.unique(rows, dim=0).shape[0] == 2048
    assert abs(float(rows.mean()) / float(rows.std())) < 0.01
