"""Facts about what was asked for: stated by a flag, else a default that says it is one."""

from advisor.constraint import DATA_AT, GOALS, LIFETIMES, Constraints
from advisor.fact import Fact, Origin
from advisor.vocabulary.row import Row, fact, rows


def _lifetime(constraints: Constraints) -> float | None:
    changes = constraints.model_changes
    return LIFETIMES[changes] if changes else None


CONSTRAINT: tuple[Row[Constraints], ...] = rows(
    "machine",
    Origin.GIVEN,
    [
        ("constraint.goal", "text", "what the answer is ranked by", lambda c: c.goal),
        ("constraint.latency", "s", "longest time for one answer", lambda c: c.latency),
        ("constraint.streams", "1", "streams to be served at once", lambda c: c.streams),
        ("constraint.offline", "flag", "must work without a network", lambda c: c.offline),
        ("constraint.link_rate", "bits/s", "rate of the link to anything beyond",
         lambda c: c.link.bits_per_second),
        ("constraint.link_delay", "s", "its round trip", lambda c: c.link.delay),
        ("constraint.link_may_drop", "flag", "whether it may drop", lambda c: c.link.may_drop),
        ("constraint.data_at", "text", "where the data arises", lambda c: c.data_at),
        ("constraint.power", "W", "power that is there", lambda c: c.power),
        ("constraint.model_changes", "text", "how often the network changes",
         lambda c: c.model_changes),
        ("constraint.model_lifetime", "s", "how long a network stays as it is", _lifetime),
        ("constraint.patience", "s", "how long one experiment may take", lambda c: c.patience),
        ("constraint.budget", "USD", "money that may be spent", lambda c: c.budget),
    ],
)  # fmt: skip
OPTIONAL = frozenset(
    f"constraint.{name}" for name in (
        "latency", "streams", "link_rate", "link_delay", "link_may_drop", "power", "model_changes",
        "model_lifetime", "budget",
    )
)  # fmt: skip
WORDS = {
    "constraint.goal": GOALS,
    "constraint.data_at": DATA_AT,
    "constraint.model_changes": tuple(LIFETIMES),
}
# Facts that are read off a flag of another name.
_FLAGS = {"link_rate": "link", "link_delay": "link", "link_may_drop": "link",
          "model_lifetime": "model-changes"}  # fmt: skip


def facts(constraints: Constraints) -> dict[str, Fact]:
    """State every constraint; one that was not stated and has no default is missing."""
    told = [
        fact(r.declaration, r.value(constraints), None, _source(r.declaration.name, constraints))
        for r in CONSTRAINT
    ]
    return {f.name: f for f in told}


def _source(name: str, constraints: Constraints) -> str:
    short = name.partition(".")[2]
    flag = _FLAGS.get(short, short.replace("_", "-"))
    return f"--{flag}" if flag in constraints.stated else "default"
