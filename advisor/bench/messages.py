"""What the tool and its worker process say to each other, one JSON object a line."""

import msgspec

from advisor.bench.task import Sample, Task


class Start(msgspec.Struct, frozen=True, tag=True):
    """Begin: load torch if it is there, use so many threads, say what can be timed.

    ``setup_seconds`` is how long memory may be faulted in for, whatever the sizes wished for;
    ``seconds`` is what the whole run may take; reading ``wash_bytes`` leaves nothing else in the
    processor's caches.
    """

    threads: int
    folder: str
    setup_seconds: float = 2.0
    seconds: float = 60.0
    with_torch: bool = True
    wash_bytes: int = 0


class Take(msgspec.Struct, frozen=True, tag=True):
    """Time a task: so many batches of so many calls."""

    task: Task
    calls: int
    samples: int


Request = Start | Take


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A device that torch sees: its own name for it, and what it runs."""

    kind: str
    torch: str
    dtypes: tuple[str, ...]
    name: str | None = None
    uuid: str | None = None
    pci_address: str | None = None
    free_bytes: int | None = None
    cache_bytes: int | None = None


class Survey(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """What the worker has: torch's version (None: it cannot be imported, and why), devices."""

    torch: str | None = None
    why: str | None = None
    allocator: str = ""
    found: tuple[Found, ...] = ()


class Taken(msgspec.Struct, frozen=True, tag=True):
    """What timing a task gave."""

    sample: Sample


class Broken(msgspec.Struct, frozen=True, tag=True):
    """A task could not be timed; ``lost`` says that its device is gone."""

    why: str
    remedy: str = ""
    lost: bool = False


Reply = Survey | Taken | Broken
