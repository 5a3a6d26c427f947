"""Washing reads more than the caches hold, and never much of the memory."""

import msgspec
import pytest

from advisor.bench.hands import Hands
from advisor.bench.messages import Start
from advisor.bench.task import Ready
from advisor.bench.wash import Wash, wash_bytes
from advisor.machine import Cache, Cpu, Limit, Machine, Memory
from tests.bench.fakes import task

MIB, GIB = 2**20, 2**30


@pytest.mark.parametrize(
    ("l3", "free", "wanted"),
    [
        (32 * MIB, 64 * GIB, 64 * MIB),
        (768 * MIB, 1024 * GIB, 128 * MIB),
        (32 * MIB, GIB // 2, 32 * MIB),
        (None, 64 * GIB, 64 * MIB),
        (32 * MIB, None, 0),
    ],
)
def test_twice_the_caches_but_no_more_than_memory_allows(l3, free, wanted):
    machine = Machine(cpu=Cpu(l3_bytes=l3), memory=Memory(available_bytes=free))
    assert wash_bytes(machine) == wanted


def test_a_limit_on_this_process_counts_and_so_do_caches_that_are_listed_one_by_one():
    machine = Machine(
        cpu=Cpu(caches=(Cache(2, "unified", 8, 2 * MIB), Cache(3, "unified", 4, 96 * MIB))),
        memory=Memory(available_bytes=256 * GIB),
        capacity={"memory": (Limit("cgroup", 2 * GIB, "memory.max", binding=True),)},
    )
    assert wash_bytes(machine) == 128 * MIB
    free = msgspec.structs.replace(machine, capacity={})
    assert wash_bytes(free) == 128 * MIB


class Array:
    def __init__(self, count):
        self.count, self.read, self.written = count, 0, 0

    def sum(self):
        self.read += 1

    def add_(self, _):
        self.written += 1


class Torch:
    float32 = "float32"

    def __init__(self):
        self.made = []

    def ones(self, count, dtype):
        self.made.append(Array(count))
        return self.made[-1]


def test_a_wash_reads_its_array_or_writes_it():
    torch = Torch()
    wash = Wash(torch, 4 * MIB)
    wash()
    assert [(one.count, one.read, one.written) for one in torch.made] == [(MIB, 1, 0)]
    wash(written=True)
    assert [(one.read, one.written) for one in torch.made] == [(1, 1)]


@pytest.mark.parametrize(("trains", "read", "written"), [(False, 1, 0), (True, 0, 1)])
def test_what_trains_finds_caches_that_must_be_written_back(trains, read, written):
    torch, hands = Torch(), Hands(None, Start(1, ".", wash_bytes=4 * MIB))
    hands.torch = torch
    torch.set_float32_matmul_precision = lambda _: None
    torch.backends = type("B", (), {"cudnn": type("C", (), {})()})()
    hands.sample(task(washed=True, trains=trains), Ready(call=int), 5, 2)
    assert [(one.read, one.written) for one in torch.made] == [(read, written)]


@pytest.mark.parametrize(
    ("washed", "size", "times"), [(True, 4 * MIB, 1), (False, 4 * MIB, 0), (True, 0, 0)]
)
def test_what_is_to_be_washed_is_called_once_more_after_it(washed, size, times):
    torch, calls = Torch(), []
    hands = Hands(None, Start(1, ".", wash_bytes=size))
    hands.torch = torch
    torch.set_float32_matmul_precision = lambda _: None
    torch.backends = type("B", (), {"cudnn": type("C", (), {})()})()
    sample = hands.sample(task(washed=washed), Ready(call=lambda: calls.append(1)), 5, 2)
    assert len(calls) == 1 + 2 * 5 + times
    assert (sample.cold is not None) == bool(times)
    assert sum(one.read for one in torch.made) == times
    for _ in range(6):
        hands.sample(task(washed=washed), Ready(call=int), 5, 2)
    assert sum(one.read for one in torch.made) == 3 * times  # three cold calls are enough
