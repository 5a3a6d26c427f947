"""What the room passes around: a thing to time, where, what came back, and how far the run is."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from advisor.bench.strain import strained
from advisor.machine import Gap

Condition = str | int | float | bool | None

# A sample is a batch of calls at least this long, so that the clock's resolution and the jitter of
# one call do not matter; device events resolve half a microsecond (CUDA runtime API, cudaEvent).
BATCH_SECONDS = 0.010
EVENT_BATCH_SECONDS = 0.002
# Points of a surface that is read as a whole: long enough for the clock, and many more of them.
POINT_SECONDS = 0.002


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to time: a call of ``work`` FLOP or bytes (0: its seconds are the value).

    ``torch`` is torch's name of the device, ``hardware`` its UUID or PCI address; ``conditions``
    hold the shape and whatever else the callable is made from; ``bytes`` is the memory it keeps
    while it is timed. Tasks of a ``rank`` below zero are the core of a run, planned in that order
    and never given up for what comes later; the rest of a surface is in order of rank, and where
    time is short surfaces are thinned alike, but for rank 3, which comes after all else. What takes
    ``setup_seconds`` to be made ready is not begun where there are no more than those. A device is
    held under load for ``hold_seconds`` before the first round; ``wall`` times by the wall clock
    what waits for its device itself. A shape that takes longer than ``most_seconds`` a call is left
    out: smaller ones tell as much. ``floor`` is the least half width, as a share, that its figure
    may claim. What is ``lasting`` is timed again and again through all stages of a run. Some
    calls of what is ``washed`` are timed when a processor's caches were washed before; of what
    ``trains``, by what has to be written back.
    """

    benchmark: str
    name: str
    device: str
    unit: str
    work: float = 0.0
    dtype: str | None = None
    torch: str | None = None
    hardware: str | None = None
    conditions: dict[str, Condition] = msgspec.field(default_factory=dict)
    bytes: int = 0
    wall: bool = False
    rank: int = 0
    samples: int = 1
    batch_seconds: float = BATCH_SECONDS
    hold_seconds: float = 0.0
    setup_seconds: float = 0.0
    most_seconds: float = 1e9
    floor: float = 0.0
    lasting: bool = False
    washed: bool = False
    trains: bool = False

    @property
    def key(self) -> str:
        """Name the task apart from all others of a run."""
        parts = [self.benchmark, self.name, self.device, self.dtype or "-"]
        return " ".join([*parts, *(f"{k}={v}" for k, v in sorted(self.conditions.items()))])

    @property
    def label(self) -> str:
        """Name the line that a display gives the task, shared by all shapes of one benchmark."""
        return " ".join(part for part in (self.name, self.device, self.dtype) if part)

    @property
    def what(self) -> str:
        """Name its figure as gaps do."""
        return f"measurements.{self.label.replace(' ', '.')}"

    @property
    def fate(self) -> str:
        """Name what is given up together: a whole accelerator, or one benchmark of the host."""
        device = self.device.removeprefix("link:")
        return device if device.startswith(("gpu", "npu")) else self.benchmark

    @property
    def core(self) -> bool:
        """Whether it is timed before all else, however little time there is."""
        return self.rank < 0

    def value(self, seconds: float) -> float:
        """Turn the seconds of one call into the task's unit."""
        return self.work / seconds if self.work else seconds


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where tasks run: a device of the profile, and what torch calls it (None without torch).

    ``memory_bytes`` is what benchmarks may take there, half of what is free.
    """

    device: str
    kind: str
    torch: str | None = None
    dtypes: tuple[str, ...] = ()
    memory_bytes: int | None = None
    cache_bytes: int | None = None
    hardware: str | None = None

    @property
    def events(self) -> bool:
        """Whether calls are queued, and timed by the device's own events."""
        return self.kind != "cpu"

    def can(self, *dtypes: str) -> tuple[str, ...]:
        """Return those of some number formats that run here."""
        return tuple(dtype for dtype in dtypes if dtype in self.dtypes)

    @property
    def batch_seconds(self) -> float:
        """Return how long a batch must be here."""
        return EVENT_BATCH_SECONDS if self.events else BATCH_SECONDS


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """All that a plug-in needs to know to plan its tasks; ``virtual`` under a hypervisor."""

    places: tuple[Place, ...]
    threads: int
    folder: str
    torch: str | None = None
    disk: str = "disk:0"
    disk_free_bytes: int | None = None
    virtual: bool = False
    numa_nodes: int = 1


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """What one visit to a task gave: seconds a call of each batch, and of the very first call.

    ``cold`` is a call after the caches were washed; ``cpu_seconds`` is the processor time that the
    timing process used for this visit; ``disagreement`` how far device events and the wall clock
    were apart, as a share; ``took`` is the whole visit, in which a thread ``waited`` for a
    processor and a hypervisor had ``stolen``; ``cost`` is that with all that the schedule waited
    for besides.
    """

    seconds: tuple[float, ...]
    first: float
    cold: float | None = None
    cpu_seconds: float = 0.0
    disagreement: float = 0.0
    work: float | None = None
    conditions: dict[str, Condition] = msgspec.field(default_factory=dict)
    doubt: str | None = None
    took: float = 0.0
    waited: float = 0.0
    stolen: float = 0.0
    cost: float = 0.0

    @property
    def strained(self) -> bool:
        """Whether the visit was disturbed."""
        return strained(self.waited, self.stolen, self.took)


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A task made ready: what to call, how it does it, and what makes its figure doubtful.

    ``work`` is that of a call, where it could not be what the task asks; ``helper_seconds`` tells
    the processor time used so far by a process that helps.
    """

    call: Callable[[], object]
    helper_seconds: Callable[[], float] | None = None
    work: float | None = None
    conditions: dict[str, Condition] = msgspec.field(default_factory=dict)
    doubt: str | None = None


class TaskError(Exception):
    """A task that could not be timed. ``lost`` says that its whole device is gone."""

    def __init__(self, why: str, *, remedy: str = "", lost: bool = False) -> None:
        """Keep the parts for the gap that this becomes."""
        super().__init__(why)
        self.why = why
        self.remedy = remedy
        self.lost = lost

    def gap(self, task: Task) -> Gap:
        """Say what is not known because of this."""
        return Gap(task.what, self.why, self.remedy)


class Stand(Protocol):
    """Where tasks are timed: a worker process, callables in this one, or a test's fake."""

    def sample(self, task: Task, calls: int, samples: int) -> Sample:
        """Time ``samples`` batches of ``calls`` calls each; raise `TaskError` if it cannot."""
        ...


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far one line of the display is, and the figure as it stands.

    ``quality`` is there once the figure stands for good.
    """

    name: str
    device: str
    dtype: str | None = None
    fraction: float = 0.0
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    quality: str = ""
