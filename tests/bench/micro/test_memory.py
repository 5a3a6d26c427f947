import pytest

from advisor.bench.hands import Hands
from advisor.bench.messages import Start
from advisor.bench.micro import memory
from advisor.bench.task import Place, Site

MIB = 2**20


def place(**changes):
    plain = {"device": "cpu", "kind": "cpu", "torch": "cpu", "memory_bytes": 2**34}
    return Place(**{**plain, "cache_bytes": 32 * MIB, **changes})


def site(one):
    return Site(places=(one,), threads=2, folder=".")


@pytest.mark.parametrize(
    ("changes", "size"),
    [
        ({}, 256 * MIB),
        ({"cache_bytes": 480 * MIB}, 1920 * MIB),
        ({"cache_bytes": None}, 256 * MIB),
        ({"memory_bytes": 400 * MIB}, 100 * MIB),
        ({"memory_bytes": MIB}, None),
        ({"memory_bytes": None}, None),
    ],
)
def test_arrays_pass_the_cache_within_three_quarters_of_the_room(changes, size):
    assert memory.array_bytes(place(**changes)) == size


def test_copy_counts_two_bytes_a_byte_and_triad_three():
    tasks = {task.name: task for task in memory.tasks(site(place()))}
    assert tasks["memory.copy"].work == 2 * 256 * MIB
    assert tasks["memory.triad"].work == 3 * 256 * MIB


def test_without_torch_there_is_the_copy():
    alone = site(place(torch=None))
    assert [task.name for task in memory.tasks(alone)] == ["memory.copy", "memory.fresh"]


def test_the_ladder_climbs_from_cache_to_main_memory():
    ladder = [t for t in memory.tasks(site(place())) if t.name == "memory.copy.at"]
    steps = [t.conditions["bytes"] for t in ladder]
    assert steps == sorted(memory.LADDER)
    assert steps[0] <= 32 * 2**10
    assert steps[-1] >= 256 * MIB


def ready(name, one, size=MIB, torch=None, seconds=9.0):
    at = name.endswith(".at")
    task = memory._task(one, name.split(".")[1], size, at=at)
    return memory.prepare(task, Hands(torch, Start(2, ".", seconds)))


@pytest.mark.parametrize(
    ("cache", "doubt"),
    [
        (None, "may be cache: its size is unknown"),
        (MIB, "may be cache: too little free memory, or too little time to fault it in"),
        (MIB // 4, None),
    ],
)
def test_what_may_be_cache_is_doubted(cache, doubt):
    got = ready("memory.copy", place(torch=None, cache_bytes=cache))
    assert got.doubt == doubt
    assert got.conditions == {"method": "libc memcpy", "bytes": MIB}


def test_when_faulting_takes_too_long_less_is_copied_and_counted():
    got = ready("memory.copy", place(torch=None), size=256 * MIB, seconds=0.0)
    assert got.work == 2 * 64 * MIB
    assert "too little time" in got.doubt


@pytest.mark.torch
def test_the_triad_is_b_plus_three_c():
    torch = pytest.importorskip("torch", reason="torch is not installed")
    small = place(memory_bytes=16 * MIB)
    task = memory._task(small, "triad", 2**14, at=True)
    hands = Hands(torch, Start(2, ".", 9.0))
    call = memory.prepare(task, hands).call
    views = [torch.frombuffer(m, dtype=torch.float32, count=4096) for m in hands.blocks(0).maps]
    views[1].fill_(2.0)
    views[2].fill_(5.0)
    call()
    assert torch.equal(views[0], torch.full((4096,), 17.0))
    assert hands.blocks(0).size == 4 * MIB


@pytest.mark.torch
def test_copies_on_a_device_are_torchs():
    torch = pytest.importorskip("torch", reason="torch is not installed")
    got = ready("memory.copy.at", place(), size=2**14, torch=torch)
    assert got.conditions["method"] == "torch copy_"


def test_fresh_memory_is_written_for_the_first_time():
    resource = pytest.importorskip("resource", reason="no page faults are counted here")
    _copy, task = memory.tasks(site(place(torch=None)))
    made = memory.prepare(task, Hands(None, Start(1, ".")))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(4):
        made.call()
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    assert faults >= 4 * task.work / 2**21  # even huge pages are faulted in one by one
