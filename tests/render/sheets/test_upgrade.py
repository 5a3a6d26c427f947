"""The sheet of purchases fits 80 columns and says what is tied."""

from msgspec.structs import replace

from advisor.estimate import Interval
from advisor.render import Style, render
from advisor.upgraded import PurchaseLine, UpgradeReport
from tests.render.sheets.test_recommendation import BASIS, plan


def line(name, **more):
    figures = {"count": 1, "kind": "gpu", "twin": False, "price": 999.0, "currency": "USD"}
    return PurchaseLine(name=name, **(figures | more))


REPORT = UpgradeReport(
    tool="0", profile="p", taken="2026-01-01T00:00:00Z", workload="cnn", title="A network",
    phase="training", rank="price", budget=3000.0, currency="USD", now=None,
    why_none="nothing was timed", verdict="Buy Maker X", why="it does not run now",
    purchases=(
        line("Maker X", gain=Interval(1.5, 2.0, 2.6, "x"), needs=("2 slots",), break_even=800.0),
        line("A much longer name of a card that nobody would remember", tied=True,
             gain=Interval(1.0, 1.4, 1.9, "x"), rent_below=0.11),
        line("Maker Z", why_none="it needs 30 GiB"),
    ),
    scaling=(), more="", asked=("a free slot",), left_out={"beyond the budget": 3},
)  # fmt: skip


def test_sheet():
    told = render(REPORT, "table", Style())
    assert max(map(len, told.splitlines())) <= 80
    assert "Buy Maker X: it does not run now" in told
    assert "1.4x =" in told
    assert "renting costs more from 800 h" in told
    assert "3: beyond the budget" in told
    assert "a free slot" in told


def test_what_input_limits_says_that_workers_were_not_timed():
    usual = replace(BASIS, fact="cpu.input_rate", origin="catalogue")
    waits = replace(plan(), bound="input", basis=(usual,))
    timed = replace(waits, basis=(replace(usual, origin="measured"),))
    told = [
        " ".join(render(replace(REPORT, now=now), "table", Style()).split())
        for now in (waits, timed)
    ]
    assert "`mlinfra bench input` settles it" in told[0]
    assert "bench input" not in told[1]


def test_what_input_limits_is_told_of_what_is_shown():
    usual = replace(BASIS, fact="cpu.input_rate", origin="catalogue")
    waits = replace(plan(), bound="input", basis=(usual,))
    eight = tuple(replace(REPORT.purchases[0], plan=waits, count=n) for n in (1, 8))
    more = ("It helps up to eight.", "Beyond 1 it stops helping: input limits it.")
    silent, told = (render(replace(REPORT, scaling=eight, more=m), "table", Style()) for m in more)
    assert "bench input" not in silent
    assert "bench input" in told


def test_the_plan_now_is_named_with_its_settings():
    now = replace(plan(), compiled=True, settings=("compiled",))
    assert "fp32, batch 32, compiled, limited by" in " ".join(
        render(replace(REPORT, now=now), "table", Style()).split()
    )
