"""``mlinfra diff``: what changed between two runs, profiles or captures."""

from pathlib import Path

import typer

from advisor.cli.output import Format, Output, emit, word

EXAMPLES = """\b
Examples:
  mlinfra diff                             the last two timed runs of this machine
  mlinfra diff before.json                 a saved profile, and this machine now
  mlinfra diff before.json after.json
  mlinfra diff node1.json node2.json --format json
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("diff", epilog=EXAMPLES)(diff)


def diff(
    before: Path | None = typer.Argument(None, help="A saved profile, or a capture."),
    after: Path | None = typer.Argument(None, help="Another one; this machine where left out."),
    form: str = Format,
    output: list[str] = Output,
    verbose: bool = typer.Option(
        False, "--verbose", "-v", help="Show what changes by itself, too."
    ),
) -> int:
    """Say what changed: hardware, software, limits, speed."""
    from advisor.pipeline.diff import diff as compare
    from advisor.pipeline.look import Look

    report = compare(before, after, Look(say=word))
    emit(report, form, output, verbose=verbose)
    return 0
