"""``mlinfra recommend``: where to train, where to infer, and what to change."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec.structs import replace

from advisor.cli import asking, complete
from advisor.cli.output import Format, Output, emit, word
from advisor.constraint import NOTHING, Constraints
from advisor.errors import AdvisorError, Exit

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.assigned import Assignment
    from advisor.pipeline.look import Look
    from advisor.pipeline.recommend import Question
    from advisor.profile import Profile
    from advisor.purchase import Price
    from advisor.report import Recommendation

SHORT = "Say where to train and infer, how fast, and what to change."
EXAMPLES = """\b
Examples:
  mlinfra recommend --workload cnn
  mlinfra recommend --workload llm-7b --phase infer --explain
  mlinfra recommend --workload cnn --workload trees --phase train
  mlinfra recommend --workload cnn --profile other-machine.json --format json
  mlinfra recommend --workload llm-13b --gpu "2x NVIDIA L4"
  mlinfra recommend -w cnn --goal cost --kwh-price 0.30EUR
  mlinfra recommend -w detection --phase infer --latency 50ms --streams 16,30/s
"""
Workload = typer.Option(
    ...,
    "--workload",
    "-w",
    help="What is to be run: cnn, llm-7b, a config.json, an .onnx file, or "
    "package.module:function (your code, which is run). Several share the machine.",
    autocompletion=complete.workload,
)
Phase = typer.Option("both", "--phase", metavar="train|infer|both", help="train, infer or both.")
Prices = typer.Option(None, "--prices", help="A YAML file of your own prices, as for upgrade.")
Kwh = typer.Option("", "--kwh-price", help="What a kWh costs, for --goal cost: 0.30EUR.")
Beyond = typer.Option(False, "--beyond", help="Also predict servers, clouds, phones, edge boxes, …")
Set = typer.Option([], "--set", metavar="FACT=VALUE", help="Pretend one fact: memory.total=64GiB.")
TRAIN = ("training", "fit")
INFER = ("inference", "prefill", "decode")
PHASES = {"train": TRAIN, "infer": INFER, "both": TRAIN + INFER}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("recommend", epilog=EXAMPLES, short_help=SHORT)(recommend)


@asking.flags
def recommend(
    workload: list[str] = Workload,
    form: str = Format,
    output: list[str] = Output,
    phase: str = Phase,
    profile: Path | None = typer.Option(None, "--profile", help="Answer about a saved profile."),
    rules: list[Path] = typer.Option([], "--rules", help="A folder with more rules."),
    time: str = typer.Option("30s", "--time", help="How long to time a machine never timed."),
    replay: bool = typer.Option(True, help="Time the network's own operators, once."),
    beyond: bool = Beyond,
    gpu: str = typer.Option("", "--gpu", help='Pretend that these are its GPUs: "2x NVIDIA L4".'),
    pretend: list[str] = Set,
    prices: Path | None = Prices,
    kwh_price: str = Kwh,
    explain: bool = typer.Option(False, "--explain", help="Show every condition with its values."),
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Show everything, not the most."),
    wanted: Constraints = NOTHING,
) -> int:
    """Say where to train and where to infer, how fast, what limits it, and what to change."""
    from advisor.cli.progress import Shown
    from advisor.cli.values import seconds
    from advisor.pipeline.look import Look
    from advisor.pipeline.recommend import Question

    seconds(time, "--time")  # a slip is told before anything takes long
    bar = Shown()
    look = Look(profile=profile, say=bar.telling(word), report=bar)
    asked = Question(
        workload="", phases=phases(phase), rules=tuple(rules), look=look, constraints=wanted,
        replay=replay, beyond=beyond or elsewhere(wanted), gpus=gpu, set=tuple(pretend),
        explain=explain, prices=prices, kwh=_kwh(kwh_price),
    )  # fmt: skip
    questions = [replace(asked, workload=name) for name in workload]
    report, decided = answered(questions, lambda: measured(look, time))
    bar.end()
    emit(report, form, output, verbose=verbose, explain=explain, live=look.live)
    return Exit.DONE if decided else Exit.INCONCLUSIVE


def _kwh(text: str) -> "Price | None":
    """Read what a kWh costs; without a currency it is that of the prices, else USD."""
    from advisor.cli.values import money
    from advisor.purchase import Price

    if not text:
        return None
    amount, currency = money(text, "--kwh-price", "0.30 or 0.30EUR")
    return Price(amount, currency, "--kwh-price", "")


def answered(
    questions: "list[Question]", measure: "Callable[[], Profile]"
) -> "tuple[Recommendation | Assignment, bool]":
    """Answer one question, or several at once; say whether any plan could be decided."""
    if len(questions) == 1:
        from advisor.pipeline.recommend import recommend as one

        report = one(questions[0], measure)
        return report, any(answer.chosen for answer in report.plans.values())
    from advisor.pipeline.together import recommend_all

    shared = recommend_all(questions, measure)
    return shared, any(shared.assigned.values())


def elsewhere(wanted: Constraints) -> bool:
    """Say whether something was asked that other places than this machine answer."""
    told = {"link", "data-at", "offline", "streams", "power", "model-changes"}
    return bool(told & set(wanted.stated))


def phases(text: str) -> tuple[str, ...]:
    """Read ``--phase``: the phases that train, that infer, or both.

    Raises:
        AdvisorError: it is none of these.
    """
    if text not in PHASES:
        names = ", ".join(PHASES)
        raise AdvisorError(f"read --phase {text}", "there is no such phase", remedy=f"use {names}")
    return PHASES[text]


def measured(look: "Look", time: str) -> "Profile":
    """Time what predictions rest on, and say so first."""
    from advisor.cli.timing import timed
    from advisor.pipeline.time import SHORT

    word(f"what this rests on was not timed here yet: timing it for up to {time}")
    return timed(look, time, SHORT)
