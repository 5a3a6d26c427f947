"""What the predictor says of one way to run a workload."""

import msgspec


class Interval(msgspec.Struct, frozen=True):
    """A number with its width; for estimates the interval is meant to hold 80 % of outcomes."""

    low: float
    likely: float
    high: float
    unit: str


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """A number that an estimate rests on, under the name that the facts know it by."""

    fact: str
    value: float | str
    origin: str
    source: str
    low: float | None = None
    high: float | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One way to run a workload: where, for what, in which precision and batch."""

    phase: str
    place: str
    dtype: str
    batch: int

    @property
    def id(self) -> str:
        """What verdicts on this plan name as their subject."""
        return f"{self.phase}/{self.place}/{self.dtype}/{self.batch}"

    def __str__(self) -> str:
        """Name the plan in a line, as tables and rules' texts print it."""
        return f"{self.phase} on {self.place}, {self.dtype}, batch {self.batch}"


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that was run: what was predicted beside what was measured.

    ``seconds`` and ``memory_bytes`` are the predictions, ``measured_…`` the median of the passes
    and the most memory that the process held; a ratio is predicted over measured.
    """

    plan: Plan
    seconds: Interval
    measured_seconds: float
    memory_bytes: Interval
    measured_memory_bytes: float
    passes: int
    replayed: bool = False

    @property
    def ratio(self) -> float:
        """Return predicted over measured seconds."""
        return self.seconds.likely / self.measured_seconds

    @property
    def memory_ratio(self) -> float:
        """Return predicted over measured memory."""
        return self.memory_bytes.likely / self.measured_memory_bytes

    @property
    def held(self) -> bool:
        """Say whether the interval held the measurement."""
        return self.seconds.low <= self.measured_seconds <= self.seconds.high


class Feeding(msgspec.Struct, frozen=True, kw_only=True):
    """How fast a plan could compute, and how fast it is fed, in samples/s.

    ``compute`` is what it could take were it fed at once, ``input`` what all data-loader workers
    (or the disk) deliver, ``link`` what the link from the host carries; ``workers_needed`` would
    keep up with ``compute``. None where it was not measured.
    """

    compute: Interval
    input: Interval | None = None
    link: Interval | None = None
    workers_needed: float | None = None


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """How fast a plan is, what it needs, and why.

    ``seconds`` is one batch or step; ``job_seconds`` the stated job; ``memory_bytes`` what the plan
    needs, ``memory_available`` what this process may use there now. ``throughput`` is None where
    the plan cannot be predicted, and ``unpredicted`` says why and what would settle it.
    ``memory_parts`` sum to the likely ``memory_bytes``; ``memory_idle`` is what would be available
    on an otherwise idle machine. ``shared_spread`` is the part of the width, as a standard
    deviation of ln(seconds), that all estimates for the same place have in common. ``feeding`` is
    there for networks: ``seconds`` are those of the slowest of computing and feeding.
    """

    plan: Plan
    throughput: Interval | None
    seconds: Interval | None
    memory_bytes: Interval | None
    memory_available: float | None
    bound: str | None
    basis: tuple[Basis, ...] = ()
    job_seconds: Interval | None = None
    memory_parts: dict[str, float] = {}
    memory_idle: float | None = None
    shared_spread: float = 0.0
    feeding: Feeding | None = None
    unpredicted: str | None = None
    settles: str | None = None

    @property
    def computing(self) -> Interval | None:
        """Return the seconds of a step that is fed at once."""
        if self.feeding is None:
            return self.seconds
        rate, batch = self.feeding.compute, self.plan.batch
        return Interval(batch / rate.high, batch / rate.likely, batch / rate.low, "s")
