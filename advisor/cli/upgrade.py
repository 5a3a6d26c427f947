"""``mlinfra upgrade``: what to buy for a workload, predicted with each part in the machine."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec.structs import replace

from advisor.cli import asking
from advisor.cli.output import Format, Output, emit, word
from advisor.cli.recommend import measured, phases
from advisor.constraint import NOTHING, Constraints
from advisor.errors import AdvisorError, Exit
from advisor.units import quantity, unit

if TYPE_CHECKING:
    from advisor.purchase import Limits

RANKS = ("price", "gain", "power")
SHORT = "Rank the parts that fit by what they bring for the money."
EXAMPLES = """\b
Examples:
  mlinfra upgrade --workload llm-7b --budget 3000
  mlinfra upgrade -w cnn --phase train --budget 2000 --supply 750W --slots 3
  mlinfra upgrade -w cnn --prices shop.yaml --rank gain

\b
A file of prices holds one currency, which --budget then counts too:
  currency: EUR
  taken: 2026-11-20
  source: a shop's page
  prices: [{part: NVIDIA GeForce RTX 4090, price: 1650}]
  rents: [{part: NVIDIA L4, hourly: 0.70}]
"""


Workload = typer.Option(..., "--workload", "-w", help="What is to be run; as for recommend.")
Budget = typer.Option("", "--budget", help="Money: 3000, or 3000USD.")
Prices = typer.Option(None, "--prices", help="A YAML file of your own prices.")
Rank = typer.Option("price", "--rank", metavar="|".join(RANKS), help="Gain by what.")
Supply = typer.Option("", "--supply", help="Watts of the power supply: 750W.")
Slots = typer.Option(
    0.0, "--slots", min=0, max=64, show_default=False, help="Free slots, in widths of one."
)
Phase = typer.Option("both", "--phase", metavar="train|infer|both", help="train, infer or both.")
Length = typer.Option(
    0.0, "--length", min=0, max=1000, show_default=False, help="Room for a card, in mm."
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("upgrade", epilog=EXAMPLES, short_help=SHORT)(upgrade)


@asking.flags
def upgrade(
    workload: str = Workload,
    budget: str = Budget,
    prices: Path | None = Prices,
    rank: str = Rank,
    supply: str = Supply,
    slots: float = Slots,
    length: float = Length,
    form: str = Format,
    output: list[str] = Output,
    phase: str = Phase,
    profile: Path | None = typer.Option(None, "--profile", help="Answer about a saved profile."),
    rules: list[Path] = typer.Option([], "--rules", help="A folder with more rules and parts."),
    time: str = typer.Option("30s", "--time", help="How long to time a machine never timed."),
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Show everything, not the most."),
    wanted: Constraints = NOTHING,
) -> int:
    """Rank the parts that fit by what they would bring for the money, or say to buy nothing."""
    from advisor.cli.values import seconds
    from advisor.pipeline.bill import laid_out
    from advisor.pipeline.look import Look
    from advisor.pipeline.recommend import Question
    from advisor.pipeline.upgrade import Shopping, shop

    seconds(time, "--time")
    _check(rank)
    limits, currency = _limits(budget, supply, slots, length)
    look = Look(profile=profile, say=word)
    asked = replace(wanted, budget=limits.budget)
    question = Question(
        workload=workload, phases=phases(phase), rules=tuple(rules), look=look, constraints=asked
    )
    shopping = Shopping(
        question=question, limits=limits, prices=prices, rank=rank, currency=currency
    )
    report = laid_out(shop(shopping, lambda: measured(look, time)), shopping)
    emit(report, form, output, verbose=verbose, live=look.live)
    settled = report.now or any(line.plan for line in report.purchases)
    return Exit.DONE if settled else Exit.INCONCLUSIVE


def _check(rank: str) -> None:
    if rank not in RANKS:
        raise AdvisorError(
            f"rank by {rank}", "there is no such rank", remedy=f"use {' or '.join(RANKS)}"
        )


def _limits(budget: str, supply: str, slots: float, length: float) -> "tuple[Limits, str]":
    """Read what was told of money and machine, and the currency of the budget, if it has one."""
    from advisor.cli.values import money
    from advisor.purchase import Limits

    amount, currency = money(budget, "--budget", "3000 or 3000EUR") if budget else (None, "")
    watts = _watts(supply) if supply else None
    limits = Limits(budget=amount, supply=watts, slots=slots or None, length=length or None)
    return limits, currency


def _watts(text: str) -> float:
    read = quantity(text if text.upper().endswith("W") else f"{text}W")
    if read is None or read[0] <= 0 or read[1] != unit("W"):
        raise AdvisorError(
            f"read --supply {text[:40]}", "it is no power", remedy="write, for example, 750W"
        )
    return read[0]
