"""All commands under one name; each file of this room adds its own."""

import typer

from advisor.cli import (
    bench,
    check,
    diff,
    parts,
    predict,
    probe,
    recommend,
    rules,
    upgrade,
    verify,
)

HELP = """Measure this machine, predict what a workload does here, and say what to run where.

\b
Begin with:
  mlinfra probe
  mlinfra recommend --workload cnn
"""
EPILOG = (
    "Exit codes: 0 done or all passed, 1 a rule failed, 2 wrong usage or unreadable input, "
    "3 inconclusive, 4 the tool could not do its work, 130/143 interrupted."
)

app = typer.Typer(
    name="mlinfra",
    help=HELP,
    epilog=EPILOG,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from advisor import __version__

        print(f"mlinfra {__version__}")
        raise typer.Exit


@app.callback()
def everything(
    version: bool = typer.Option(
        False, "--version", help="Print the version and leave.", callback=_version, is_eager=True
    ),
    debug: bool = typer.Option(False, "--debug", help="Print the traceback of a failure."),
) -> None:
    """Take what belongs to no command; the app's help stands above."""


for command in (probe, bench, recommend, upgrade, verify, predict, check, rules, parts, diff):
    command.register(app)
