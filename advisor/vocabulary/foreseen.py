"""Facts about a GPU that only its plans tell: whether anything could be predicted on it."""

from collections.abc import Iterable

from advisor.device import Device
from advisor.estimate import Estimate
from advisor.fact import Fact, Origin
from advisor.vocabulary.row import Row, fact, rows


def _predicted(told: tuple[Device, tuple[Estimate, ...]]) -> bool | None:
    """Say whether a plan on it has a speed; None where nothing was to be predicted."""
    found, estimates = told
    if not estimates:
        return None
    return any(e.throughput and found.id in e.plan.devices for e in estimates)


GPU: tuple[Row[tuple[Device, tuple[Estimate, ...]]], ...] = rows(
    "gpu",
    Origin.PREDICTED,
    [("gpu.predicted", "flag", "some plan on it has a predicted speed", _predicted)],
)
OPTIONAL = frozenset(row.declaration.name for row in GPU)


def facts(found: Device, estimates: Iterable[Estimate]) -> dict[str, Fact]:
    """State what is foreseen of a GPU; missing where no workload was asked about."""
    told = (found, tuple(estimates))
    return {row.declaration.name: fact(row.declaration, row.value(told), None) for row in GPU}
