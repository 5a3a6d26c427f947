"""The door: reads flags, calls one function, prints, exits; the only room that knows typer."""

import sys


def main() -> None:
    """Run ``mlinfra``; the version is answered before anything heavy is loaded."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from advisor import __version__

        print(f"mlinfra {__version__}")
        return
    from advisor.cli.guard import run

    sys.exit(run(arguments))
