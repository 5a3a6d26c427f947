"""``mlinfra diff``: what changed between two profiles or captures."""

from pathlib import Path

import typer

from advisor.cli.output import Format, Output, emit

EXAMPLES = """\b
Examples:
  mlinfra diff before.json after.json
  mlinfra diff node1.json node2.json --format json
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("diff", epilog=EXAMPLES)(diff)


def diff(
    before: Path = typer.Argument(..., help="A saved profile, or a capture."),
    after: Path = typer.Argument(..., help="Another one."),
    form: str = Format,
    output: list[str] = Output,
    verbose: bool = typer.Option(
        False, "--verbose", "-v", help="Show what changes by itself, too."
    ),
) -> int:
    """Say what changed: hardware, software, limits, speed."""
    from advisor.pipeline.diff import diff as compare

    emit(compare(before, after), form, output, verbose=verbose)
    return 0
