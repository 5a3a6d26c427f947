"""What a user asks of a plan beyond the workload: how soon, how many, where, with how much power.

Times are seconds, rates bits/s or samples/s, power W. What is not stated is None, unless there is
a sensible default, which the output then names as one.
"""

from typing import Literal

import msgspec

from advisor.workload import Workload

Goal = Literal["latency", "throughput", "cost"]
DataAt = Literal["device", "lan", "cloud"]
Changes = Literal["daily", "weekly", "monthly", "yearly", "never"]
GOALS = ("latency", "throughput", "cost")
DATA_AT = ("device", "lan", "cloud")
# How long a network stays as it is, in seconds; hardware outlives ten years in few places.
LIFETIMES = {
    "daily": 86400.0, "weekly": 7 * 86400.0, "monthly": 30 * 86400.0, "yearly": 365 * 86400.0,
    "never": 3650 * 86400.0,
}  # fmt: skip
# A week for one experiment: longer ones are seldom repeated, and one learns by repeating.
PATIENCE = 7 * 86400.0
# A sample a second; people read 238 words a minute (Brysbaert 2019, doi:10.1016/j.jml.2019.104047),
# which are about 5 tokens a second.
STREAM_RATES = {"samples": 1.0, "tokens": 5.0}


class Link(msgspec.Struct, frozen=True):
    """The way from where the data arises to anything beyond: bits/s, and a round trip in seconds.

    ``may_drop`` is None where nothing was said of it.
    """

    bits_per_second: float | None = None
    delay: float | None = None
    may_drop: bool | None = None


class Constraints(msgspec.Struct, frozen=True, kw_only=True):
    """All that was stated; ``batch``, ``precision`` and ``context`` leave only plans of that kind.

    ``compile`` wants compiled plans alone, or none. ``stream_rate`` is what one stream sends
    (samples/s or tokens/s); ``samples`` and ``dataset_bytes`` size the data set, by whichever was
    stated. ``budget`` is money, in USD.
    """

    goal: Goal = "throughput"
    latency: float | None = None
    streams: float | None = None
    stream_rate: float | None = None
    offline: bool = False
    link: Link = Link()
    data_at: DataAt = "device"
    power: float | None = None
    model_changes: Changes | None = None
    patience: float = PATIENCE
    samples: float | None = None
    dataset_bytes: float | None = None
    budget: float | None = None
    batch: int | None = None
    precision: str | None = None
    compile: bool | None = None
    context: int | None = None
    stated: tuple[str, ...] = ()

    def rate_of_stream(self, unit: str) -> float:
        """Return what one stream sends a second, stated or usual for what the workload counts."""
        return self.stream_rate or STREAM_RATES.get(unit, 1.0)


NOTHING = Constraints()


def asked(workload: Workload, constraints: Constraints) -> Workload:
    """Return the workload as it was asked for: with this batch, context and data set."""
    changes: dict[str, object] = {}
    if constraints.batch:
        changes["batches"] = (constraints.batch,)
    if constraints.context and workload.llm:
        changes["llm"] = msgspec.structs.replace(workload.llm, context=constraints.context)
    samples = _samples(workload, constraints)
    if samples and workload.dataset:
        named = "your data set" if constraints.dataset_bytes else f"{samples:,.0f} samples"
        changes["dataset"] = msgspec.structs.replace(
            workload.dataset, name=named, samples=round(samples)
        )
        if workload.job:
            epochs = workload.job.epochs
            title = f"{epochs:g} epoch{'' if epochs == 1 else 's'} of {named}"
            changes["job"] = msgspec.structs.replace(workload.job, title=title)
    return msgspec.structs.replace(workload, **changes)


def _samples(workload: Workload, constraints: Constraints) -> float | None:
    if constraints.samples:
        return constraints.samples
    if constraints.dataset_bytes and workload.dataset:
        return max(constraints.dataset_bytes / workload.dataset.sample_bytes, 1.0)
    return None
