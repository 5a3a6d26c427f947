"""What a plan is to those who wait for it: latency over the link, streams, power, upload."""

import msgspec

from advisor.constraint import Constraints, Link
from advisor.estimate import Estimate, Interval, Plan, Service
from advisor.machine import Machine
from advisor.workload import Workload

# Places whose data is in the cloud when theirs is; all others are where the data arises, or on its
# own network.
_CLOUD = {"cloud"}
# A token is an integer of 4 bytes on the way, whatever it is inside.
_TOKEN_BYTES = 4.0


def served(
    found: Estimate, workload: Workload, asked: Constraints, watts: float | None = None
) -> Estimate:
    """Return the estimate with what its plan is to those who wait for it.

    ``watts`` is the power of its devices, where that is known.
    """
    crosses = (found.plan.place in _CLOUD) != (asked.data_at == "cloud")
    untold: dict[str, str] = {}
    link = _per_answer(workload, found.plan, asked.link) if crosses else 0.0
    upload = _upload(workload, asked.link) if crosses else 0.0
    if link is None:
        untold["link_seconds"] = untold["latency"] = "the link was not stated (--link 20Mbps,40ms)"
    if upload is None:
        untold["upload_seconds"] = "the link or the size of the data set was not stated"
    watts = watts or found.service.power_watts
    if watts is None:
        untold["power_watts"] = "no power limit is known of it"
    service = Service(
        latency=_later(found.seconds, link),
        streams=_streams(found, workload, asked),
        crosses_link=crosses,
        link_seconds=link,
        upload_seconds=upload,
        power_watts=watts,
        untold=untold,
    )
    return msgspec.structs.replace(found, service=service)


def _later(seconds: Interval | None, link: float | None) -> Interval | None:
    if seconds is None or link is None:
        return None
    return Interval(seconds.low + link, seconds.likely + link, seconds.high + link, "s")


def _per_answer(workload: Workload, plan: Plan, link: Link) -> float | None:
    """Return seconds that a batch and its answer are on the way; answers are small beside it."""
    size = _TOKEN_BYTES if workload.llm else None
    if workload.dataset and size is None:
        size = float(workload.dataset.sample_bytes)
    if link.bits_per_second is None or link.delay is None or size is None:
        return None
    return link.delay + plan.batch * size * 8 / link.bits_per_second


def _upload(workload: Workload, link: Link) -> float | None:
    data = workload.dataset
    if link.bits_per_second is None or data is None:
        return None
    return float(data.samples) * data.sample_bytes * 8 / link.bits_per_second


def _streams(found: Estimate, workload: Workload, asked: Constraints) -> Interval | None:
    rate = found.throughput
    if rate is None or found.plan.phase not in {"inference", "decode"}:
        return None
    each = asked.rate_of_stream("tokens" if workload.llm else workload.unit)
    return Interval(rate.low / each, rate.likely / each, rate.high / each, "1")


def power(machine: Machine, place: str) -> float | None:
    """Return the watts that the devices of a place may draw; None where one of them is unknown."""
    devices = {device.id: device for device in machine.devices}
    first, *more = place.split("+")
    named = [devices.get(name) for name in (first, *(f"gpu:{number}" for number in more))]
    limits = [d.power_limit_watts or d.power_default_watts if d else None for d in named]
    known = [watts for watts in limits if watts]
    return sum(known) if len(known) == len(limits) else None
