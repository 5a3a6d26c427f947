"""Devices that are not here, SIMULATED: torch's own interface, and tensors that lie on the CPU.

They show that each benchmark runs through the one code path on ROCm, XPU and MPS and in which words
it fails; no figure from them says anything of such a device.
"""

import sys
import time
from types import SimpleNamespace as Fake

import torch
import torch._dynamo  # optimizers load it: not under the name of a simulated torch

from advisor.bench import session
from advisor.bench.child import Child
from advisor.bench.messages import Broken, Take
from advisor.bench.task import Sample, TaskError
from advisor.bench.worker import Worker
from advisor.device import Device
from advisor.machine import Cpu, Disk, Machine, Memory, State
from tests.bench.fakes import FakeClock, FakeReader

# What makes tensors or layers on a device that is named.
_MAKERS = (
    "randn",
    "randint",
    "zeros",
    "empty",
    "ones",
    "arange",
    "Generator",
    "LSTM",
    "GRU",
    "RNN",
)


class Event:
    """As torch.cuda.Event, torch.xpu.Event and torch.mps.Event have it; milliseconds."""

    def __init__(self, enable_timing=False):
        assert enable_timing
        self.at = None

    def record(self):
        self.at = time.perf_counter()

    def elapsed_time(self, end):
        return (end.at - self.at) * 1e3


def module(kind, facts):
    """torch.cuda, torch.xpu or torch.mps, with as much of each as it really has."""
    if kind == "mps":
        return Fake(
            is_available=lambda: True, recommended_max_memory=lambda: 2**30, Event=Event,
            current_allocated_memory=lambda: 0, synchronize=lambda: None,
        )  # fmt: skip
    return Fake(
        is_available=lambda: True, device_count=lambda: len(facts), Event=Event,
        get_device_properties=lambda index: facts[index], synchronize=lambda device=None: None,
        mem_get_info=lambda index: (2**30, 2**30),
        **({"nccl": Fake(all_reduce=lambda buffers: None)} if kind == "cuda" else {}),
    )  # fmt: skip


class On:
    """torch, or a module of it, that makes what is wanted on a device of ``kind`` on the CPU."""

    def __init__(self, real, kind, **more):
        self._real, self._kind, self._more = real, kind, more

    def __getattr__(self, name):
        if name in self._more:
            return self._more[name]
        found = getattr(self._real, name)
        if name not in _MAKERS:
            return found

        def made(*given, device="cpu", **options):
            assert str(device).startswith(("cpu", self._kind)), device
            return found(*given, device="cpu", **options)

        return made


def torch_with(kind, facts, hip=None):
    """torch with simulated devices of a kind in it."""
    more = {kind: module(kind, facts), "version": Fake(hip=hip), "nn": On(torch.nn, kind)}
    more["pins"] = kind == "cuda"
    return On(torch, kind, **more)


class Simulated(Child):
    """A worker in this process. Each task is made ready and run for real once, at its first visit;
    after that its seconds are made up, so that a run takes no time."""

    def __init__(self, start, *, pin=False):
        self.worker, self.begun, self.seen = Worker(), start, set()

    def survey(self):
        return self.worker.answer(self.begun)

    def sample(self, task, calls, samples):
        if task.key not in self.seen:
            self.seen.add(task.key)
            reply = self.worker.answer(Take(task, 1, 1))
            if isinstance(reply, Broken):
                raise TaskError(reply.why, remedy=reply.remedy, lost=reply.lost)
            self.first = reply.sample
        seconds = max(task.work / 1e13, 1e-5)
        CLOCK.seconds += seconds * (1 + calls * samples)
        return Sample(
            seconds=(seconds,) * samples, first=seconds, took=seconds,
            doubt=self.first.doubt, conditions=self.first.conditions,
        )  # fmt: skip

    def close(self):
        pass


CLOCK = FakeClock()


def run(monkeypatch, folder, simulated, devices, names):
    """Run the benchmarks of these names, as ``mlinfra bench`` does, on simulated devices."""
    CLOCK.seconds = 0.0
    monkeypatch.setitem(sys.modules, "torch", simulated)
    monkeypatch.setattr(session, "Child", Simulated)
    monkeypatch.setattr(session, "Watch", lambda clock, cards: FakeReader(clock))
    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda self: self)
    monkeypatch.setattr(torch.Tensor, "is_pinned", lambda self: simulated.pins)
    machine = Machine(
        cpu=Cpu(cores=1, l3_bytes=2**20),
        memory=Memory(available_bytes=2**28),
        devices=tuple(devices),
        disks=(Disk("disk:0", str(folder), free_bytes=2**40),),
    )
    return session.run(
        machine, names=names, seconds=600.0, clock=CLOCK, report=lambda _: None, keep=lambda _: None
    )


def card(number, name, **more):
    """A GPU as the probe saw it."""
    return Device(id=f"gpu:{number}", name=name, state=State.PRESENT, **more)
