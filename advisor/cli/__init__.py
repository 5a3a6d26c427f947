"""The door: reads flags, calls one function, prints, exits; the only room that knows typer."""

import sys

from advisor import __version__


def main() -> None:
    """Run ``mlinfra``; the version is answered before anything heavy is loaded."""
    if sys.argv[1:] == ["--version"]:
        print(f"mlinfra {__version__}")
