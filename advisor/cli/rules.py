"""``mlinfra rules …`` and ``mlinfra facts``: for those who read and write rules."""

from pathlib import Path

import typer

from advisor.cli import complete
from advisor.cli.output import Format, Output, carrying, emit, word

EXAMPLES = """\b
Examples:
  mlinfra rules lint ./my-rules
  mlinfra rules test ./my-rules --format junit
  mlinfra rules explain plan-must-fit-memory --workload cnn
"""
FACTS = """\b
Examples:
  mlinfra facts
  mlinfra facts --workload cnn --profile node7.json --format json
  eval "$(mlinfra facts --format env)"; echo "$MLINFRA_CPU_CORES"
"""
Id = typer.Argument(..., metavar="ID", help="The rule's id.", autocompletion=complete.rule)
Folders = typer.Option([], "--rules", help="A folder with more rules.")
Saved = typer.Option(None, "--profile", help="Answer about a saved profile.")
Workload = typer.Option(
    None,
    "--workload",
    "-w",
    help="Its plans are judged too: cnn, llm-7b, …",
    autocompletion=complete.workload,
)
Paths = typer.Argument(None, help="Files or folders; without any, every rule in force.")
Verbose = typer.Option(False, "--verbose", "-v", help="Show everything, not the most.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="List, show, lint, test and explain rules.",
        epilog=EXAMPLES,
        rich_markup_mode=None,
        no_args_is_help=True,
    )
    group.command("list")(listing)
    group.command("show")(show)
    group.command("lint", short_help="Say what is wrong with rules, at line and column.")(lint)
    group.command("test", short_help="Put the examples of rules to the test.")(trials)
    group.command("explain", short_help="Say why a rule fires here, or not.")(explain)
    app.add_typer(group, name="rules")
    app.command("facts", epilog=FACTS, short_help="Print every fact that rules may name.")(facts)


def listing(
    form: str = Format,
    output: list[str] = Output,
    rules: list[Path] = Folders,
    verbose: bool = Verbose,
) -> None:
    """List every rule in force, and which took the place of another."""
    from advisor.pipeline import rules as room

    emit(room.listing(rules), form, output, verbose=verbose)


def show(
    rule: str = Id,
    form: str = Format,
    output: list[str] = Output,
    rules: list[Path] = Folders,
) -> None:
    """Print one rule as it is written."""
    from advisor.pipeline import rules as room

    emit(room.show(rule, rules), form, output)


def lint(
    paths: list[Path] = Paths,
    form: str = Format,
    output: list[str] = Output,
    rules: list[Path] = Folders,
) -> int:
    """Say what is wrong with rules, at file, line and column: exit 1 if an error is among it."""
    from advisor.pipeline import rules as room

    report = room.lint(paths or [], rules)
    emit(report, form, output)
    return report.exit


def trials(
    paths: list[Path] = Paths,
    form: str = carrying("junit"),
    output: list[str] = Output,
    rules: list[Path] = Folders,
    verbose: bool = Verbose,
) -> int:
    """Put the examples of rules to the test: exit 1 if one fails. --format junit is for CI."""
    from advisor.pipeline import rules as room

    report = room.trials(paths or [], rules)
    emit(report, form, output, verbose=verbose)
    return report.exit


def explain(
    rule: str = Id,
    form: str = Format,
    output: list[str] = Output,
    profile: Path | None = Saved,
    workload: str | None = Workload,
    rules: list[Path] = Folders,
) -> None:
    """Say why a rule fires here, or not: its conditions, their values, what would settle them."""
    from advisor.pipeline import rules as room
    from advisor.pipeline.look import Look

    look = Look(profile=profile, say=word)
    emit(room.explain(rule, look, workload, rules), form, output, explain=True, live=look.live)


def facts(
    form: str = carrying("ansible", "nfd", "env"),
    output: list[str] = Output,
    profile: Path | None = Saved,
    workload: str | None = Workload,
    rules: list[Path] = Folders,
    verbose: bool = Verbose,
) -> None:
    """Print every fact that rules may name: unit, meaning, origin, and its value here."""
    from advisor.pipeline import facts as room
    from advisor.pipeline.look import Look

    look = Look(profile=profile, say=word)
    report = room.facts(look, workload, rules)
    emit(report, form, output, verbose=verbose, live=look.live)
