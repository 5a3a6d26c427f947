import msgspec
import pytest

from advisor.bench.hands import Hands
from advisor.bench.messages import Start
from advisor.bench.micro import matmul
from advisor.bench.task import Place, Site, Task
from advisor.machine import Gap
from advisor.measurement import Measurement, Quality

CPU = Place(device="cpu", kind="cpu", torch="cpu", dtypes=("fp32", "fp64"), memory_bytes=2**33)
GPU = Place(device="gpu:0", kind="cuda", torch="cuda:0", dtypes=("int8", "fp8", "fp16"))


def site(*places):
    return Site(places=places, threads=2, folder=".")


def planned(place, dtype):
    items = [item for item in matmul.tasks(site(place)) if isinstance(item, Task)]
    tasks = [task for task in items if task.dtype == dtype]
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


def test_what_an_accelerator_lacks_is_told_and_is_no_figure():
    (gap,) = [item for item in matmul.tasks(site(CPU, GPU)) if isinstance(item, Gap)]
    assert gap.what == "measurements.matmul.gpu:0"
    assert gap.why == "no matrix units are known there for fp32, tf32, bf16, fp64"


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
    other = msgspec.structs.replace(best, conditions={**shape, "m": 128})
    (peak,) = matmul.headline(site(GPU), [best, other])
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


def point(shape, value, dtype="fp32", **more):
    spread = {"value": value, "low": value, "high": value, "rounds": 5, "unit": "FLOP/s"}
    where = {"name": "matmul", "device": "cpu", "dtype": dtype}
    conditions = dict(zip("mnk", shape, strict=True))
    return Measurement(conditions=conditions, **{**where, **spread, **more})


def shapes(tasks):
    return [tuple(task.conditions[axis] for axis in "mnk") for task in tasks]


def test_those_near_the_best_are_timed_again_and_decide():
    seen = [point((m, 2, 3), value) for m, value in enumerate((50, 99, 91, 100, 95, 92), 1)]
    wild = point((9, 2, 3), 500.0, quality=Quality.INVALID)
    again = shapes(matmul.again(site(CPU), [*seen, wild]))
    assert again == [(4, 2, 3), (2, 2, 3), (5, 2, 3), (6, 2, 3), (3, 2, 3)]
    second = [point(shape, value) for shape, value in zip(again, (96, 97, 99, 90, 89), strict=True)]
    (peak,) = matmul.headline(site(CPU), [*seen, wild, *second])
    assert shapes([peak]) == [(5, 2, 3)]


def test_a_clear_winner_is_not_timed_again():
    assert list(matmul.again(site(CPU), [point((1, 2, 3), 50), point((2, 2, 3), 99)])) == []


@pytest.mark.parametrize(
    ("rate", "larger"), [(200e9, [(1024, 1024, 1024)]), (10e9, [])], ids=["fast", "slow"]
)
def test_the_next_larger_shape_is_tried_beside_the_best(rate, larger):
    seen = [point((512, 512, 512), 0.99 * rate), point((784, 128, 1152), 0.5 * rate)]
    seen += [point((1024, 1024, 512), rate)]
    known = [tuple(one.conditions[axis] for axis in "mnk") for one in seen]
    tasks = list(matmul.again(site(CPU), seen))
    beyond = [task for task in tasks if shapes([task])[0] not in known]
    assert shapes(beyond) == larger
    assert all(task.work / rate < task.most_seconds for task in beyond)


def test_a_larger_shape_that_is_faster_becomes_the_peak():
    rate = 200e9
    seen = [point((1024, 1024, 1024), rate), point((784, 128, 1152), 0.95 * rate)]
    second = [point((2048, 2048, 2048), 1.1 * rate), point((1024, 1024, 1024), 1.01 * rate)]
    second += [point((784, 128, 1152), rate)]
    (peak,) = matmul.headline(site(CPU), [*seen, *second])
    assert shapes([peak]) == [(2048, 2048, 2048)]


def test_what_tells_a_peak_comes_before_all_else():
    first = [task for task in planned(CPU, "fp32").values() if task.rank == -3]
    assert 4 <= len(first) <= 8
    assert max(task.work for task in first) > 1e12  # for accelerators; others leave it out unseen
    assert min(task.work for task in first) < 1e8
    assert all(task.rank > 0 for task in planned(CPU, "fp64").values())
