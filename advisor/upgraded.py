"""What `upgrade` answers: each purchase beside the machine as it is."""

import msgspec

from advisor.advice import Verdict
from advisor.estimate import Interval
from advisor.report import FindingLine, PlanLine

UPGRADE = "mlinfra/upgrade/1"


class PurchaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """One purchase, and the best plan on the machine with it.

    ``price`` is of all of it; ``gain`` the speed over now, ``tied`` where the best purchase is not
    surely faster. Gains per thousand are for so much money, per hundred for so many watts.
    ``break_even`` are the hours of use from which on renting (``rent`` an hour) costs more, else
    ``rent_below`` is the hourly price below which a year of renting costs less.
    """

    name: str
    count: int
    kind: str
    twin: bool
    price: float | None
    currency: str
    price_source: str = ""
    price_date: str = ""
    watts: float | None = None
    needs: tuple[str, ...] = ()
    gain: Interval | None = None
    tied: bool = False
    gain_per_thousand: float | None = None
    gain_per_hundred_watts: float | None = None
    plan: PlanLine | None = None
    why_none: str = ""
    rent: float | None = None
    break_even: float | None = None
    rent_below: float | None = None


class UpgradeReport(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer: what to buy, or nothing; ``scaling`` is one, two, four, eight cards.

    ``whole_card`` is the gain of the whole card over the slice of it that there is now.
    """

    schema: str = UPGRADE
    tool: str
    profile: str
    taken: str
    workload: str
    title: str
    phase: str
    rank: str
    budget: float | None
    currency: str
    now: PlanLine | None
    why_none: str
    verdict: str
    why: str
    whole_card: Interval | None = None
    purchases: tuple[PurchaseLine, ...]
    scaling: tuple[PurchaseLine, ...]
    more: str
    asked: tuple[str, ...]
    left_out: dict[str, int]
    fixes: tuple[FindingLine, ...] = ()
    findings: tuple[FindingLine, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
