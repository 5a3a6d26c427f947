"""The door: reads flags, calls one function, prints, exits; the only room that knows typer."""

import gc
import sys


def main() -> None:
    """Run ``mlinfra``; the version is answered before anything heavy is loaded."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from advisor import __version__

        print(f"mlinfra {__version__}")
        return
    # A command makes much that it keeps and little garbage: to look for some at each 700 new
    # objects, from the first import on, took a tenth of `recommend`; once more at the end, another.
    gc.set_threshold(200_000)
    from advisor.cli.guard import run

    code = run(arguments)
    gc.freeze()
    sys.exit(code)
