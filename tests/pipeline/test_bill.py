"""The bill says what to buy, or to buy nothing, and why."""

import msgspec
import pytest

from advisor.advice import Rejected
from advisor.estimate import Interval
from advisor.part import Part
from advisor.pipeline.bill import laid_out
from advisor.pipeline.look import Look
from advisor.pipeline.recommend import Question
from advisor.pipeline.upgrade import Shopping, best_of, shop
from advisor.purchase import Item, Limits
from tests.fakes import PROFILE


@pytest.fixture(scope="module")
def shopping(tmp_path_factory):
    path = tmp_path_factory.mktemp("bill") / "p.json"
    path.write_bytes(msgspec.json.encode(PROFILE))
    question = Question(workload="llm-7b", look=Look(profile=path))
    return Shopping(question=question, limits=Limits(budget=2600.0))


@pytest.fixture(scope="module")
def bought(shopping):
    return shop(shopping, lambda: PROFILE)


def test_buy(bought, shopping):
    report = laid_out(bought, shopping)
    best = best_of(bought.purchases, bought.verdicts, shopping.limits)
    assert report.verdict == f"Buy {best}"
    assert "times as fast" in report.why
    assert report.now.place == "gpu:0"
    first = next(line for line in report.purchases if line.name == str(best))
    assert first.gain.low > 1.1
    assert first.rent_below == pytest.approx(first.price / 8760)
    assert any("supply" in need for need in first.needs)


def test_buy_nothing_where_no_gain_is_sure(bought, shopping):
    doubtful = tuple(
        msgspec.structs.replace(p, gain=Interval(0.9, 1.5, 2.5, "x")) for p in bought.purchases
    )
    report = laid_out(msgspec.structs.replace(bought, purchases=doubtful), shopping)
    assert report.verdict == "Buy nothing"
    assert "surely a tenth faster" in report.why


def test_buy_nothing_where_nothing_is_left(bought, shopping):
    report = laid_out(msgspec.structs.replace(bought, purchases=()), shopping)
    assert (report.verdict, report.purchases) == ("Buy nothing", ())


def test_what_was_not_timed_is_timed_first(bought, shopping):
    now = msgspec.structs.replace(
        bought.now, estimate=None, why_none="no peak was measured", settles="mlinfra bench matmul"
    )
    report = laid_out(msgspec.structs.replace(bought, now=now), shopping)
    assert report.verdict == "Measure before buying"
    assert "mlinfra bench matmul" in report.why


def test_ties_are_said(bought, shopping):
    lines = laid_out(bought, shopping).purchases
    assert {line.tied for line in lines} == {True, False}  # the best is tied with no other


def test_where_more_stops_helping(bought, shopping):
    few = [p for p in bought.scaling if p.items[0].count < 4]
    stuck = msgspec.structs.replace(few[-1], items=(Item(Part(name="A", kind="gpu"), 4),))
    report = laid_out(msgspec.structs.replace(bought, scaling=(*few, stuck)), shopping)
    assert report.more.startswith("Beyond 2 it stops helping")


def test_what_is_sure_is_bought_before_what_is_not(bought, shopping):
    first, *rest = bought.purchases
    doubtful = msgspec.structs.replace(first, gain=Interval(0.9, 3.0, 9.0, "x"))
    report = laid_out(msgspec.structs.replace(bought, purchases=(doubtful, *rest)), shopping)
    sure = {f"Buy {p}" for p in rest if p.gain and p.gain.low > 1.1}
    assert report.verdict in sure


def test_a_repair_and_an_hour_come_before_any_purchase(bought, shopping):
    now = bought.now
    quick = msgspec.structs.replace(now.estimate, job_seconds=Interval(60, 120, 240, "s"))
    done = msgspec.structs.replace(bought, now=msgspec.structs.replace(now, estimate=quick))
    report = laid_out(done, shopping)
    assert (report.verdict, report.why) == (
        "Buy nothing", "the whole job takes 2 min on this machine",
    )  # fmt: skip
    lost = Rejected(now.estimate, "device-must-work", "it is broken", fix=True)
    broken = msgspec.structs.replace(bought, now=msgspec.structs.replace(now, mended=lost))
    report = laid_out(broken, shopping)
    assert report.verdict == "Mend before buying"
    assert "device-must-work" in report.why


def test_a_gpu_that_nobody_timed_is_timed_before_another_is_bought(bought, shopping):
    silent = msgspec.structs.replace(
        bought.now.estimate, throughput=None, settles="mlinfra bench matmul"
    )
    now = msgspec.structs.replace(bought.now, unpredicted=(silent,))
    report = laid_out(msgspec.structs.replace(bought, now=now), shopping)
    assert report.verdict == "Measure before buying"
    assert report.why.endswith("gpu:0, which is there: mlinfra bench matmul")
