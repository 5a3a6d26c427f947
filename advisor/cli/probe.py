"""``mlinfra probe``: what is in the box, and what of it this process may use."""

from pathlib import Path

import typer

from advisor.cli.output import Format, Output, emit, show, word

SHORT = "Show the hardware, what of it is ours, and what is broken."
EXAMPLES = """\b
Examples:
  mlinfra probe
  mlinfra probe --format json --output json=profile.json
  mlinfra probe --bench --time 10s
  mlinfra probe --root /mnt/captured-machine
  mlinfra probe --capture machine.json && mlinfra probe --replay machine.json
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("probe", epilog=EXAMPLES, short_help=SHORT)(probe)


def probe(
    form: str = Format,
    output: list[str] = Output,
    root: Path | None = typer.Option(
        None, "--root", help="Look at a captured /proc and /sys tree, never at this machine."
    ),
    replay: Path | None = typer.Option(None, "--replay", help="Look at a recorded machine."),
    capture: Path | None = typer.Option(
        None, "--capture", help="Record this look, redacted, to replay it anywhere."
    ),
    bench: bool = typer.Option(False, "--bench", help="Time the machine as well."),
    time: str = typer.Option("30s", "--time", help="How long --bench may take."),
    timeout: str = typer.Option("15s", "--timeout", help="How long drivers may take in all."),
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Show the raw evidence too."),
) -> int:
    """Show the hardware, what of it we may use, and what is broken, hidden or unknown."""
    from advisor.cli.values import seconds
    from advisor.pipeline.look import Look, observe

    wait = seconds(timeout, "--timeout")
    options = Look(root=root, replay=replay, capture=capture, timeout=wait, say=word)
    profile, evidence = observe(options, evidence=verbose)
    if bench:
        from advisor.cli.timing import timed

        profile = timed(options, time, None)
    emit(profile, form, output, verbose=verbose, live=options.live)
    if form == "table" and evidence:
        show(evidence)
    return 0
