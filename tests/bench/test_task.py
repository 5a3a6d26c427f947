import pytest

from advisor.bench.task import Place, TaskError
from tests.bench.fakes import task


@pytest.mark.parametrize(("work", "value"), [(1e9, 2e9), (0.0, 0.5)])
def test_a_task_without_work_is_measured_in_seconds(work, value):
    assert task(work=work).value(0.5) == value


def test_a_key_tells_shapes_apart_and_a_label_does_not():
    one, other = (task(dtype="fp32", conditions={"m": m}) for m in (1, 2))
    assert one.key != other.key
    assert one.label == other.label == "matmul cpu fp32"


@pytest.mark.parametrize(
    ("device", "fate"),
    [
        ("gpu:0", "gpu:0"),
        ("gpu:0/mig:1", "gpu:0/mig:1"),
        ("link:gpu:0", "gpu:0"),
        ("cpu", "matmul"),
    ],
)
def test_an_accelerator_is_given_up_as_a_whole_and_the_host_by_benchmark(device, fate):
    assert task(device=device).fate == fate


def test_a_failure_becomes_a_gap_at_the_measurements_place():
    gap = TaskError("out of memory", remedy="close programs").gap(task(dtype="fp32"))
    assert gap.what == "measurements.matmul.cpu.fp32"
    assert (gap.why, gap.remedy) == ("out of memory", "close programs")


def test_batches_may_be_shorter_where_the_device_tells_its_own_time():
    host, gpu = Place(device="cpu", kind="cpu"), Place(device="gpu:0", kind="cuda")
    assert host.batch_seconds >= 0.010
    assert 0.001 <= gpu.batch_seconds < host.batch_seconds


def test_a_place_tells_which_formats_it_runs():
    place = Place(device="cpu", kind="cpu", dtypes=("fp32", "bf16"))
    assert place.can("fp16", "bf16", "fp32") == ("bf16", "fp32")
