"""Plans are ranked by what is asked for; what does not fit or is not known comes last."""

import pytest
from msgspec.structs import replace

from advisor.estimate import Cost, Interval, Service
from advisor.predict.goals import better, ranked
from tests.vocabulary.test_plan import BLANK


def plan(batch, rate, late, needs=1.0, phase="inference"):
    return replace(
        BLANK, plan=replace(BLANK.plan, batch=batch, phase=phase), memory_available=10.0,
        throughput=Interval(rate, rate, rate, "samples/s") if rate else None,
        memory_bytes=Interval(needs, needs, needs, "bytes"),
        service=Service(latency=Interval(late, late, late, "s") if late else None),
    )  # fmt: skip


SLOW, FAST = plan(1, 10.0, 0.1), plan(8, 40.0, 0.2)
FAR, BIG, BLIND = plan(4, 20.0, None), plan(64, 90.0, 0.9, needs=20.0), plan(2, None, None)


@pytest.mark.parametrize(
    ("goal", "batches"),
    [("throughput", [8, 4, 1, 64, 2]), ("latency", [1, 8, 4, 64, 2]), ("cost", [8, 4, 1, 64, 2])],
)
def test_order(goal, batches):
    found = ranked((BIG, BLIND, FAR, SLOW, FAST), goal)
    assert [e.plan.batch for e in found] == batches


def test_training_has_no_latency():
    slow, fast = (replace(e, plan=replace(e.plan, phase="training")) for e in (SLOW, FAST))
    assert ranked((slow, fast), "latency") == (fast, slow)
    assert better(fast, slow).likely == pytest.approx(4)


def test_better_is_sooner():
    assert better(SLOW, FAST).likely == pytest.approx(2)


def test_the_cheapest_comes_first_and_what_has_no_cost_last():
    def priced(found, each):
        rate = Interval(each, each, each, "EUR")
        cost = Cost(amount=rate, of="1,000 samples", rests="", rate=rate)
        return replace(found, service=replace(found.service, cost=cost))

    dear, cheap = priced(FAST, 9.0), priced(SLOW, 1.0)
    assert ranked((FAR, dear, cheap), "cost") == (cheap, dear, FAR)
