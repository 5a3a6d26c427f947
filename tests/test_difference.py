"""Two profiles differ in what was changed, by how much, and not in what changes by itself."""

import msgspec
import pytest

from advisor.difference import Change, Side, diff
from advisor.machine import Cpu, Device, Disk, Gap, Limit, Machine, Memory, Software
from advisor.measurement import Measurement, Quality
from advisor.profile import Profile

GPU = Device(id="gpu:0", name="L4", uuid="GPU-1", memory_free_bytes=5)
MACHINE = Machine(
    cpu=Cpu(model="Xeon", cores=8, isa=("avx2",)),
    memory=Memory(total_bytes=100, available_bytes=50),
    devices=(GPU,),
    disks=(Disk(id="disk:0", path="/", free_bytes=7),),
    software=Software(driver="550"),
    capacity={"cpu": (Limit("cgroup quota", 2, "cpu.max", binding=True),)},
)
FAST = Measurement(
    name="matmul.peak", device="gpu:0", dtype="fp16", value=100, low=95, high=105, unit="FLOP/s",
    rounds=5,
)  # fmt: skip


def profile(machine=MACHINE, *measurements):
    return Profile(
        tool="1", taken="2026-01-01T00:00:00Z", machine=machine, measurements=measurements
    )


def change(part, **fields):
    return msgspec.structs.replace(
        MACHINE, **{part: msgspec.structs.replace(getattr(MACHINE, part), **fields)}
    )


def replaced(**fields):
    return msgspec.structs.replace(MACHINE, **fields)


@pytest.mark.parametrize(
    ("machine", "what", "side", "before", "after"),
    [
        (change("cpu", cores=16), "cpu.cores", Side.HARDWARE, 8, 16),
        (change("cpu", isa=("avx2", "fma")), "cpu.isa", Side.HARDWARE, "avx2", "avx2, fma"),
        (change("cpu", model=None), "cpu.model", Side.HARDWARE, "Xeon", None),
        (change("memory", available_bytes=9), "memory.available_bytes", Side.STATE, 50, 9),
        (change("software", driver="560"), "software.driver", Side.SOFTWARE, "550", "560"),
        (replaced(capacity={"cpu": (Limit("cgroup quota", 4, "x"),)}),
         "capacity.cpu.cgroup quota.value", Side.LIMITS, 2, 4),
        (replaced(disks=(Disk(id="disk:0", path="/", free_bytes=8),)),
         "disks.disk:0.free_bytes", Side.STATE, 7, 8),
    ],
)  # fmt: skip
def test_one_change(machine, what, side, before, after):
    expected = Change(what=what, side=side, before=before, after=after)
    assert expected in diff(profile(), profile(machine))


def test_the_same_profile_has_not_changed():
    assert diff(profile(MACHINE, FAST), profile(replaced(gaps=(Gap("a", "b"),)), FAST)) == ()


def test_a_device_is_known_by_its_uuid():
    other = Device(id="gpu:0", name="A10", uuid="GPU-2")
    moved = msgspec.structs.replace(GPU, id="gpu:1")
    changes = diff(profile(), profile(replaced(devices=(other, moved))))
    assert {c.what for c in changes} == {
        "devices.GPU-2.name", "devices.GPU-2.uuid", "devices.GPU-2.state"
    }  # fmt: skip


def speed(value, **fields):
    return msgspec.structs.replace(FAST, value=value, low=value - 5, high=value + 5, **fields)


@pytest.mark.parametrize(
    ("now", "ratio", "decided"),
    [((speed(50),), 0.5, True), ((speed(102),), 1.02, False), ((), None, True),
     ((speed(50, quality=Quality.INVALID),), None, True)],
)  # fmt: skip
def test_speeds(now, ratio, decided):
    (found,) = diff(profile(MACHINE, FAST), profile(MACHINE, *now))
    assert (found.what, found.side) == ("GPU-1: matmul.peak fp16", Side.SPEED)
    assert (found.ratio, found.decided) == (ratio, decided)


def test_how_a_figure_was_taken_makes_it_no_other():
    again = speed(102, conditions={"calls_per_sample": 9, "cold_call": 3.5, "pinned": False})
    (found,) = diff(profile(MACHINE, FAST), profile(MACHINE, again))
    assert (found.what, found.ratio) == ("GPU-1: matmul.peak fp16", 1.02)


def test_shapes_are_told_apart():
    small, large = (
        speed(50, name="matmul", conditions={"m": m, "n": 2, "k": 3, "backward": m == 4})
        for m in (2, 4)
    )
    (found,) = diff(profile(MACHINE, small, large), profile(MACHINE, small))
    assert found.what == "GPU-1: matmul fp16 m=4 n=2 k=3 backward=True"


def test_measurements_follow_their_device():
    moved = replaced(devices=(msgspec.structs.replace(GPU, id="gpu:1"),))
    assert (
        diff(profile(MACHINE, FAST), profile(moved, msgspec.structs.replace(FAST, device="gpu:1")))
        == ()
    )
