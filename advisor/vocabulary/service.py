"""Facts about what a plan is to those who wait for it: where it is, how soon, at what power."""

from advisor.estimate import TIERS, Estimate
from advisor.fact import Fact, Origin
from advisor.machine import Gap
from advisor.vocabulary.row import Row, fact, rows

KINDS = ("cpu", "igpu", "gpu", "gpus", "offload", *TIERS)

CHOICE: tuple[Row[Estimate], ...] = rows(
    "plan",
    Origin.GIVEN,
    [
        ("plan.tier", "text", "here, or where beyond this machine", lambda e: e.plan.tier),
        ("plan.kind", "text", "what sort of place it is", lambda e: e.plan.kind),
        ("plan.device", "text", "part that stands for a place beyond",
         lambda e: e.plan.device or None),
        ("plan.devices", "1", "devices that share the work", lambda e: e.plan.place.count("+") + 1),
        ("plan.crosses_link", "flag", "data must cross the link to it",
         lambda e: e.service.crosses_link),
    ],
)  # fmt: skip
ROOM: tuple[Row[Estimate], ...] = rows(
    "plan",
    Origin.PROBED,
    [
        ("plan.power", "W", "power that its devices may draw", lambda e: e.service.power_watts),
        ("plan.link_time", "s", "the link's part of an answer", lambda e: e.service.link_seconds),
        ("plan.upload_time", "s", "to move the data set there", lambda e: e.service.upload_seconds),
    ],
)  # fmt: skip
FORECAST: tuple[Row[Estimate], ...] = rows(
    "plan",
    Origin.PREDICTED,
    [
        ("plan.latency", "s", "from a sample to its answer", lambda e: e.service.latency),
        ("plan.streams", "1", "streams that it keeps up with", lambda e: e.service.streams),
    ],
)  # fmt: skip
SERVICE = (*CHOICE, *ROOM, *FORECAST)
WORDS = {"plan.tier": ("here", *TIERS), "plan.kind": KINDS}
OPTIONAL = frozenset({"plan.device"})
# Facts by the field of the service that they are read off.
_FIELDS = {
    "plan.power": "power_watts", "plan.link_time": "link_seconds", "plan.latency": "latency",
    "plan.upload_time": "upload_seconds", "plan.streams": "streams",
}  # fmt: skip


def facts(estimate: Estimate) -> dict[str, Fact]:
    """State how a plan serves; what could not be told is unknown, with the reason."""
    told = [
        fact(r.declaration, r.value(estimate), _gap(r.declaration.name, estimate), "")
        for r in SERVICE
    ]
    return {f.name: f for f in told}


def _gap(name: str, estimate: Estimate) -> Gap | None:
    if name in OPTIONAL:
        return None
    why = estimate.service.untold.get(_FIELDS.get(name, ""))
    unpredicted = estimate.unpredicted or "nothing was asked that tells it"
    return Gap(name, why or unpredicted, estimate.settles or "")
