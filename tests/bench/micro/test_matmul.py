import pytest

from advisor.bench.hands import Hands
from advisor.bench.messages import Start
from advisor.bench.micro import matmul
from advisor.bench.task import Place, Site
from advisor.measurement import Measurement

CPU = Place(device="cpu", kind="cpu", torch="cpu", dtypes=("fp32", "fp64"), memory_bytes=2**33)
GPU = Place(device="gpu:0", kind="cuda", torch="cuda:0", dtypes=("int8", "fp8", "fp16"))


def site(*places):
    return Site(places=places, threads=2, folder=".")


def planned(place, dtype):
    tasks = [task for task in matmul.tasks(site(place)) if task.dtype == dtype]
    return {tuple(task.conditions[axis] for axis in "mnk"): task for task in tasks}


def test_the_surface_spans_both_sides_of_the_ridge():
    tasks = planned(CPU, "fp32")
    assert len(tasks) >= 20
    intensity = {s: 2 * s[0] * s[1] * s[2] / (4 * (s[0] * s[2] + s[1] * s[2])) for s in tasks}
    assert min(intensity.values()) < 1
    assert max(intensity.values()) > 500
    assert tasks[64, 64, 64].work == 2 * 64**3


def test_rare_formats_get_fewer_shapes_and_come_last():
    usual, rare = planned(CPU, "fp32"), planned(CPU, "fp64")
    assert len(rare) < len(usual)
    assert min(task.rank for task in rare.values()) > max(task.rank for task in usual.values())


def test_shapes_that_a_format_refuses_are_not_tried():
    assert all(m > 16 for m, _, _ in planned(GPU, "int8"))
    assert all(n % 16 == 0 and k % 16 == 0 for _, n, k in planned(GPU, "fp8"))


def test_a_shape_takes_a_small_part_of_the_room():
    tight = Place(device="cpu", kind="cpu", torch="cpu", dtypes=("fp32",), memory_bytes=2**24)
    tasks = planned(tight, "fp32")
    assert tasks
    assert all(task.bytes <= 2**21 for task in tasks.values())


def test_the_peak_is_timed_anew_at_the_best_shape():
    def surface(m, value, dtype="fp32"):
        spread = {"value": value, "low": value, "high": value, "rounds": 5}
        where = {"name": "matmul", "device": "cpu", "dtype": dtype, "unit": "FLOP/s"}
        return Measurement(conditions={"m": m, "n": 2, "k": 3}, **where, **spread)

    (gap,) = matmul.headline(site(CPU), [surface(1, 5.0)])
    assert gap.what == "measurements.matmul.peak.cpu.fp32"
    measured = [surface(1, 5.0), surface(7, 9.0), surface(3, 8.0), surface(4, 99.0, "bf16")]
    peaks = list(matmul.headline(site(CPU), measured))
    assert [(task.name, task.dtype, task.conditions["m"]) for task in peaks] == [
        ("matmul.peak", "fp32", 7)
    ]
    assert peaks[0].samples > 1


def test_accelerators_are_held_under_load_before_the_peak():
    spread = {"value": 1.0, "low": 1.0, "high": 1.0, "rounds": 5, "unit": "FLOP/s"}
    shape = {"m": 64, "n": 64, "k": 64}
    best = Measurement(name="matmul", device="gpu:0", dtype="fp16", conditions=shape, **spread)
    (peak,) = matmul.headline(site(GPU), [best, best])
    assert peak.hold_seconds >= 1.0


@pytest.mark.torch
@pytest.mark.parametrize("dtype", ["fp32", "bf16", "fp16", "fp64", "int8"])
def test_the_product_is_the_product(dtype):
    torch = pytest.importorskip("torch", reason="torch is not installed")
    place = Place(device="cpu", kind="cpu", torch="cpu", dtypes=(dtype,))
    task = matmul._task(place, dtype, (32, 48, 64))
    hands = Hands(torch, Start(1, "."))
    got = matmul.prepare(task, hands).call()
    x = hands.normal("x", 32 * 64, dtype, "cpu").view(32, 64).double()
    w = hands.normal("w", 48 * 64, dtype, "cpu").view(48, 64).double()
    assert torch.allclose(got.double(), x @ w.t(), rtol=0.05, atol=0.2)
