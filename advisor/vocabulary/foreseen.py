"""Facts of devices and plans together: whether a GPU is in any plan, a plan's device at work."""

from collections.abc import Iterable, Mapping

from advisor.device import Device, State
from advisor.estimate import Estimate
from advisor.fact import Fact, Origin
from advisor.vocabulary.row import Row, fact, rows


def _predicted(told: tuple[set[str], tuple[Estimate, ...]]) -> bool | None:
    """Say whether a plan on one of them has a speed; None where nothing was to be predicted."""
    names, estimates = told
    if not estimates:
        return None
    return any(e.throughput and names & e.plan.devices for e in estimates)


GPU: tuple[Row[tuple[set[str], tuple[Estimate, ...]]], ...] = rows(
    "gpu",
    Origin.PREDICTED,
    [("gpu.predicted", "flag", "some plan on it has a predicted speed", _predicted)],
)
# What is said of a plan: that it runs on a device which is there, but does not work as yet.
PLAN: tuple[Row[State | None], ...] = rows(
    "plan",
    Origin.PROBED,
    [("plan.device_state", "text", "state of the GPU that it runs on", lambda s: s)],
)
WORDS = {"plan.device_state": tuple(State)}
OPTIONAL = frozenset(
    declaration.name
    for declaration in (*(row.declaration for row in GPU), *(row.declaration for row in PLAN))
)


def plan_facts(found: Estimate, states: Mapping[str, State]) -> dict[str, Fact]:
    """State whether a plan's device works; missing of plans on no GPU of this machine."""
    told = [states[name] for name in sorted(found.plan.devices) if name in states]
    state = next((s for s in told if s is not State.PRESENT), next(iter(told), None))
    return {one.declaration.name: fact(one.declaration, one.value(state), None) for one in PLAN}


def facts(
    found: Device, estimates: Iterable[Estimate], others: Iterable[Device] = ()
) -> dict[str, Fact]:
    """State what is foreseen of a GPU; missing where no workload was asked about.

    A plan on one of the ``others`` that is like it speaks of it, too.
    """
    kind = (found.name, found.memory_bytes)
    alike = {d.id for d in others if found.name and (d.name, d.memory_bytes) == kind}
    told = ({found.id} | alike, tuple(estimates))
    return {row.declaration.name: fact(row.declaration, row.value(told), None) for row in GPU}
