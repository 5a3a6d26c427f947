"""``mlinfra bench``: calibrated numbers with error bars."""

import typer

from advisor.cli import complete
from advisor.cli.output import Format, Output, emit, word
from advisor.errors import Exit

SHORT = "Time arithmetic, memory, links and disk of this machine."
EXAMPLES = """\b
Examples:
  mlinfra bench
  mlinfra bench matmul memory --time 10s
  mlinfra bench --list
  mlinfra bench --format json --output json=profile.json
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench", epilog=EXAMPLES, short_help=SHORT)(bench)


def bench(
    names: list[str] = typer.Argument(
        None,
        help="Which benchmarks; all that fit, if none is named.",
        autocompletion=complete.benchmark,
    ),
    form: str = Format,
    output: list[str] = Output,
    time: str = typer.Option(
        None, "--time", help="How long the whole run may take: 30s, or 90s where thorough."
    ),
    thorough: bool = typer.Option(
        False,
        "--thorough",
        help="Time the headline figures in several processes, for intervals that are their own.",
    ),
    busy_too: bool = typer.Option(
        False, "--busy-too", help="Time accelerators that others are using, too."
    ),
    listed: bool = typer.Option(False, "--list", help="Say what can be timed, and leave."),
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Show every measurement."),
) -> int:
    """Time this machine's arithmetic, memory, links and disk; results are kept and reused."""
    from advisor.cli.timing import timed
    from advisor.pipeline.look import Look
    from advisor.pipeline.time import benchmarks

    if listed:
        print("\n".join(f"{name:<12} {title}" for name, title in benchmarks()))
        return 0
    time = time or ("90s" if thorough else "30s")
    profile = timed(
        Look(say=word), time, tuple(names) if names else None, thorough=thorough, busy_too=busy_too
    )
    emit(profile, form, output, verbose=verbose, live=True)
    if profile.measurements:
        return Exit.DONE
    word(f"nothing could be timed in {time}; the reasons stand above")
    return Exit.BROKEN
