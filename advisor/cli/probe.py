"""``mlinfra probe``: what is in the box, and what of it this process may use."""

from pathlib import Path

import typer

from advisor.cli.output import Format, Output, emit, word

EXAMPLES = """Examples:\n
  mlinfra probe\n
  mlinfra probe --format json --output json=profile.json\n
  mlinfra probe --bench --time 10s\n
  mlinfra probe --root /mnt/captured-machine
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("probe", epilog=EXAMPLES)(probe)


def probe(
    form: str = Format,
    output: list[str] = Output,
    root: Path | None = typer.Option(
        None, "--root", help="Look at a captured /proc and /sys tree, never at this machine."
    ),
    bench: bool = typer.Option(False, "--bench", help="Time the machine as well."),
    time: str = typer.Option("30s", "--time", help="How long --bench may take."),
    timeout: str = typer.Option("15s", "--timeout", help="How long drivers may take in all."),
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Show the raw evidence too."),
) -> int:
    """Show the hardware, what of it we may use, and what is broken, hidden or unknown."""
    from advisor.cli.values import seconds
    from advisor.pipeline.look import Look
    from advisor.pipeline.look import probe as look

    options = Look(root=root, timeout=seconds(timeout, "--timeout"), say=word)
    if bench:
        from advisor.cli.timing import timed

        profile = timed(options, time, None)
    else:
        profile = look(options)
    emit(profile, form, output, verbose=verbose, live=options.live)
    return 0
