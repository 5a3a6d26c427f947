"""What was asked of plans, in words, and which of it says nothing of the workload."""

from collections.abc import Callable, Collection

from advisor.constraint import Constraints
from advisor.predict.goals import WAITED_FOR
from advisor.predict.variants import COMPILED
from advisor.units import show
from advisor.workload import Workload

_TRAINED = {"training"}
_PLACES = {"device": "where it runs", "lan": "in the local network", "cloud": "in the cloud"}


def stated(asked: Constraints) -> tuple[str, ...]:
    """Say all that was stated, in the order of the flags."""
    return tuple(_WORDS[name](asked) for name in asked.stated)


def _size(asked: Constraints) -> str:
    if asked.samples:
        return f"{asked.samples:,.0f} samples"
    return show(asked.dataset_bytes or 0.0, "bytes")


def _link(asked: Constraints) -> str:
    link = asked.link
    rate = show(link.bits_per_second, "bits/s") if link.bits_per_second else "unknown rate"
    trip = f", {show(link.delay, 's')} there and back" if link.delay else ""
    drops = (
        "" if link.may_drop is None else f", which {'may' if link.may_drop else 'does not'} drop"
    )
    return f"a link of {rate}{trip}{drops}"


def _streams(asked: Constraints) -> str:
    each = f" of {asked.stream_rate:g} a second each" if asked.stream_rate else ""
    return f"{asked.streams:,.0f} streams{each}"


_WORDS: dict[str, Callable[[Constraints], str]] = {
    "goal": lambda a: f"ranked by {a.goal}",
    "batch": lambda a: f"batch {a.batch}",
    "precision": lambda a: f"{a.precision}",
    "compile": lambda a: "compiled" if a.compile else "not compiled",
    "context": lambda a: f"{a.context:,} tokens of context",
    "latency": lambda a: f"an answer within {show(a.latency or 0.0, 's', 2)}",
    "streams": _streams,
    "offline": lambda _: "without a network",
    "link": _link,
    "data-at": lambda a: f"data {_PLACES[a.data_at]}",
    "power": lambda a: f"{show(a.power or 0.0, 'W')} of power",
    "model-changes": lambda a: f"the network changes {a.model_changes}",
    "patience": lambda a: f"an experiment within {show(a.patience, 's', 2)}",
    "dataset-size": lambda a: f"a data set of {_size(a)}",
}


def idle(asked: Constraints, workload: Workload, phases: Collection[str]) -> tuple[str, ...]:
    """Name the flags that say nothing of the phases of a workload."""
    mine = set(phases)
    speaks = {
        "batch": not workload.trees,
        "precision": not workload.trees,
        "compile": bool(mine & COMPILED),
        "context": workload.llm is not None,
        "latency": bool(mine & WAITED_FOR),
        "streams": bool(mine & WAITED_FOR),
        "patience": bool(mine & _TRAINED) and workload.job is not None,
        "dataset-size": bool(mine & _TRAINED) and workload.dataset is not None,
    }
    return tuple(f"--{name}" for name in asked.stated if not speaks.get(name, True))
