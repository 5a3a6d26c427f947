"""What the predictor says of one way to run a workload."""

from collections.abc import Iterable

import msgspec

# Repairs of a machine whose gain for a plan is predicted, by the names that rules know them by.
REPAIRS = (
    "power_limit", "clock", "memory_speed", "channels", "cpus", "sharing", "stolen", "slot",
)  # fmt: skip


# A plan that is likely faster by less than this is not worth more memory or a longer latency: what
# a prediction from timed operators is off by (median).
FLAT = 1.05


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


# What feeds a place: timed or not, it says nothing of how fast the place computes.
_FEEDS = frozenset({"cpu.input_rate", "disk.read", "gpu.host_to_device"})


def timed_here(basis: Iterable[Basis]) -> bool:
    """Say whether a speed rests on anything that was timed on the place itself."""
    return any(one.origin == "measured" and one.fact not in _FEEDS for one in basis)


# Places beyond this machine, as `rules/parts` names their kinds.
TIERS = ("server", "cloud", "phone", "browser", "edge", "vehicle", "iot", "asic")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One way to run a workload: where, for what, in which precision and batch, and how.

    ``device`` names the part of the catalogue where the place alone does not say which.
    ``compiled`` is by torch.compile, ``checkpointed`` computes activations anew in the backward
    pass, and ``weights`` is the format that weights are stored in where it is not ``dtype``: int8
    or int4.
    """

    phase: str
    place: str
    dtype: str
    batch: int
    device: str = ""
    compiled: bool = False
    checkpointed: bool = False
    weights: str = ""

    @property
    def id(self) -> str:
        """What verdicts on this plan name as their subject."""
        place = f"{self.place}={self.device}" if self.device else self.place
        settings = "".join(f"/{setting.replace(' ', '-')}" for setting in self.settings)
        return f"{self.phase}/{place}/{self.dtype}/{self.batch}{settings}"

    @property
    def settings(self) -> tuple[str, ...]:
        """Name what is set besides precision and batch, as tables print it."""
        named = [f"{self.weights} weights"] if self.weights else []
        named += ["checkpointed"] if self.checkpointed else []
        return (*named, *(["compiled"] if self.compiled else []))

    @property
    def precision(self) -> str:
        """The format that weights are stored in."""
        return self.weights or self.dtype

    @property
    def tier(self) -> str:
        """Where the place is: ``here``, or one of the places beyond this machine."""
        return self.place if self.place in TIERS else "here"

    @property
    def devices(self) -> frozenset[str]:
        """The devices of this machine that it takes: two plans that share one take turns."""
        sort, _, numbers = self.place.partition(":")
        sort = "gpu" if sort == "offload" else sort
        return frozenset(f"{sort}:{n}" if n else sort for n in numbers.split("+"))

    @property
    def kind(self) -> str:
        """What sort of place it is: cpu, igpu, gpu, gpus (several), offload, or its tier."""
        return "gpus" if "+" in self.place else self.place.partition(":")[0]

    def __str__(self) -> str:
        """Name the plan in a line, as tables and rules' texts print it."""
        place = f"{self.place} ({self.device})" if self.device else self.place
        how = ", ".join((self.dtype, f"batch {self.batch}", *self.settings))
        return f"{self.phase} on {place}, {how}"


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that was run: what was predicted beside what was measured.

    ``seconds`` and ``memory_bytes`` are the predictions, ``measured_…`` the median of the passes
    and the most memory that the process held; a ratio is predicted over measured. ``calibration``
    is the factor on the predicted seconds by what was run here before.
    """

    plan: Plan
    seconds: Interval
    measured_seconds: float
    memory_bytes: Interval
    measured_memory_bytes: float
    passes: int
    replayed: bool = False
    calibration: float = 1.0

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
    (or the disk) deliver, ``worker`` one of them, ``link`` what the link from the host carries;
    ``workers_needed`` would keep up with ``compute``. None where it was not measured.
    """

    compute: Interval
    worker: Interval | None = None
    input: Interval | None = None
    link: Interval | None = None
    workers_needed: float | None = None


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What running a plan costs: an amount of money for what it is ``of``, and what that rests on.

    Units are the currency; ``rate`` is money a second.
    """

    amount: Interval
    of: str
    rests: str
    rate: Interval


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan is to those who wait for it.

    ``latency`` is from a sample's being there to its answer, over the link where it must be
    crossed; ``streams`` how many streams it keeps up with. ``link_seconds`` is the link's part of
    the latency, ``upload_seconds`` the time to move the data set to the place; both are 0 where no
    link is crossed. What is None could not be told, and ``untold`` says why.
    """

    latency: Interval | None = None
    streams: Interval | None = None
    crosses_link: bool = False
    link_seconds: float | None = None
    upload_seconds: float | None = None
    power_watts: float | None = None
    cost: Cost | None = None
    untold: dict[str, str] = {}


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """How fast a plan is, what it needs, and why.

    ``seconds`` is one batch or step; ``job_seconds`` the stated job; ``memory_bytes`` what the plan
    needs, ``memory_available`` what this process may use there now. ``throughput`` is None where
    the plan cannot be predicted, and ``unpredicted`` says why and what would settle it.
    ``memory_parts`` sum to the likely ``memory_bytes``; ``memory_idle`` is what would be available
    on an otherwise idle machine. ``shared_spread`` is the part of the width, as a standard
    deviation of ln(seconds), that all estimates for the same place have in common, and
    ``settings_spread`` the part that its settings add. ``feeding`` is there for networks:
    ``seconds`` are those of the slowest of computing and feeding. ``calibration`` is the factor on
    them by what was run here before, ``gains`` are how many times faster settings make it, by name.
    ``replayed`` is the share of the time whose very operators were timed, ``base`` the estimate
    that this one was derived from, if it was from one.
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
    settings_spread: float = 0.0
    feeding: Feeding | None = None
    calibration: float = 1.0
    replayed: float = 0.0
    gains: dict[str, Interval] = {}
    base: "Estimate | None" = None
    unpredicted: str | None = None
    settles: str | None = None
    service: Service = Service()

    @property
    def fits(self) -> bool:
        """Whether the likely memory is there now; unknown memory is not held against it."""
        if self.memory_bytes is None or self.memory_available is None:
            return True
        return self.memory_bytes.likely <= self.memory_available

    @property
    def rate(self) -> float:
        """Return the likely throughput; 0 where none could be predicted, which ranks it last."""
        return self.throughput.likely if self.throughput else 0.0

    @property
    def computing(self) -> Interval | None:
        """Return the seconds of a step that is fed at once."""
        if self.feeding is None or self.throughput is None or self.seconds is None:
            return self.seconds
        # Of several devices, a step takes the batches of all.
        rate, samples = self.feeding.compute, self.throughput.likely * self.seconds.likely
        return Interval(samples / rate.high, samples / rate.likely, samples / rate.low, "s")
