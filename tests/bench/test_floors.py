import pytest

from advisor.bench.floors import floor, moves
from tests.bench.fakes import task

HOST, GPU = task(), task(device="gpu:0")
COPY, DISK = task("memory.copy", benchmark="memory"), task("disk.read", device="disk:0")


@pytest.mark.parametrize("each", [HOST, COPY, DISK])
def test_a_guest_is_less_steady_than_a_host(each):
    assert 0 < floor(each, virtual=False) < floor(each, virtual=True) < 0.5


@pytest.mark.parametrize("virtual", [True, False])
def test_disks_are_less_steady_than_processors(virtual):
    assert floor(DISK, virtual=virtual) > floor(HOST, virtual=virtual)


def test_guests_share_main_memory_but_no_cache():
    inside, outside = (
        task("memory.copy.at", benchmark="memory", conditions={"bytes": size, "cache_bytes": 32})
        for size in (16, 256)
    )
    assert floor(COPY, virtual=True) > floor(HOST, virtual=True) > floor(inside, virtual=True)
    assert floor(COPY, virtual=True) == floor(outside, virtual=True)
    assert floor(COPY, virtual=False) == floor(HOST, virtual=False)


def test_a_hypervisor_does_not_touch_an_accelerators_clock():
    assert floor(GPU, virtual=True) == floor(GPU, virtual=False)


@pytest.mark.parametrize("dtype", ["bf16", "fp16"])
def test_half_precision_differs_more_from_run_to_run_on_guests(dtype):
    half = task(dtype=dtype)
    assert floor(half, virtual=True) > floor(task(dtype="fp32"), virtual=True)
    assert floor(half, virtual=False) == floor(task(dtype="fp32"), virtual=False)


@pytest.mark.parametrize(
    ("each", "seconds", "virtual", "threads", "expected"),
    [
        (HOST, 1e-3, True, 2, 0.4),
        (HOST, 1e-2, True, 2, 0.0),  # long enough to average out
        (HOST, 1e-3, True, 1, 0.0),
        (HOST, 1e-3, False, 2, 0.0),
        (GPU, 1e-3, True, 2, 0.0),
        (COPY, 1e-3, True, 2, 0.0),
    ],
)
def test_a_host_that_moves_its_guest_slows_short_work_of_several_threads(
    each, seconds, virtual, threads, expected
):
    assert moves(each, seconds, virtual=virtual, threads=threads) == expected
