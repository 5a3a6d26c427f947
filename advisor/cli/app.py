"""All commands under one name; each file of this room adds its own."""

from importlib import import_module

import typer

# The files of this room that add commands, in the order of the help; what else one of them adds.
FILES = (
    "probe", "bench", "recommend", "upgrade", "verify", "predict", "check", "rules", "parts",
    "diff",
)  # fmt: skip
BESIDE = {"facts": "rules"}
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


def application(asked: str = "") -> typer.Typer:
    """Return the program with the command that is asked for, else with all of them.

    Nobody waits for the flags of commands that were not asked for.
    """
    app = typer.Typer(
        name="mlinfra",
        help=HELP,
        epilog=EPILOG,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(everything)
    file = BESIDE.get(asked, asked)
    for name in (file,) if file in FILES else FILES:
        import_module(f"advisor.cli.{name}").register(app)
    return app


def _version(asked: bool) -> None:
    if asked:
        from advisor import __version__

        print(f"mlinfra {__version__}")
        raise typer.Exit


def everything(
    version: bool = typer.Option(
        False, "--version", help="Print the version and leave.", callback=_version, is_eager=True
    ),
    debug: bool = typer.Option(False, "--debug", help="Print the traceback of a failure."),
) -> None:
    """Take what belongs to no command; the app's help stands above."""
