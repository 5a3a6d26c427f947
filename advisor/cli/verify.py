"""``mlinfra verify``: what was predicted, beside what a few seconds of running take."""

from pathlib import Path

import typer

from advisor.cli import complete
from advisor.cli.output import Format, Output, emit, targets, word
from advisor.errors import Exit

SHORT = "Run a reference network here: predicted beside measured."
EXAMPLES = """\b
Examples:
  mlinfra verify --workload cnn
  mlinfra verify --workload vit --phase infer --precision fp32 --batch 8
  mlinfra verify --workload rnn --no-replay --format json
  mlinfra verify --workload my_package.networks:make --phase infer
  mlinfra verify --workload cnn --exhaustive --limit 20m
"""
NETWORK = "Which network: cnn, vit, … or module:factory (runs your code)."

Workload = typer.Option(..., "--workload", "-w", help=NETWORK, autocompletion=complete.workload)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify", epilog=EXAMPLES, short_help=SHORT)(verify)


def verify(
    workload: str = Workload,
    form: str = Format,
    output: list[str] = Output,
    phase: str = typer.Option(
        "both", "--phase", metavar="train|infer|both", help="train, infer or both."
    ),
    precision: str | None = typer.Option(None, "--precision", help="Instead of the advised one."),
    batch: int | None = typer.Option(None, "--batch", min=1, help="Instead of the advised one."),
    rules: list[Path] = typer.Option([], "--rules", help="A folder with more rules."),
    time: str = typer.Option("5s", "--time", help="How long each plan is run."),
    replay: bool = typer.Option(True, help="Time the network's own operators first."),
    fresh: bool = typer.Option(False, "--fresh", help="Predict without what was run before."),
    exhaustive: bool = typer.Option(
        False, "--exhaustive", help="Try precision × batch × threads × compile; show the regret."
    ),
    limit: str = typer.Option("10m", "--limit", help="How long --exhaustive may search."),
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Show everything."),
) -> int:
    """Run the workload's reference network here, predicted beside measured (needs torch)."""
    from advisor.cli.progress import Shown
    from advisor.cli.recommend import measured, phases
    from advisor.cli.values import seconds
    from advisor.pipeline.look import Look
    from advisor.pipeline.recommend import Question
    from advisor.pipeline.verification import Trial, verification

    targets(form, output)
    search = seconds(limit, "--limit") if exhaustive else None
    trial = Trial(
        precision=precision, batch=batch, seconds=seconds(time, "--time"), replay=replay,
        fresh=fresh, exhaustive=search,
    )  # fmt: skip
    bar = Shown()
    look = Look(say=bar.telling(word), report=bar)
    question = Question(workload=workload, phases=phases(phase), rules=tuple(rules), look=look)
    report = verification(question, trial, lambda: measured(look, "30s"))
    bar.end()
    emit(report, form, output, verbose=verbose)
    return Exit.DONE if report.lines else Exit.INCONCLUSIVE
