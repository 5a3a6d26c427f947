"""Where results go: stdout in one format, files in any number of others."""

import contextlib
import os
import shutil
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from advisor.cli.complete import among

if TYPE_CHECKING:
    from advisor.render import Printable


def carrying(*more: str) -> Any:  # noqa: ANN401 - an option of typer's
    """Return the flag that says what stdout carries, of a command that knows more formats."""
    names = ("table", "json", "markdown", *more)
    told = f"What stdout carries: {', '.join(names)}."
    complete = among(names)
    return typer.Option("table", "--format", "-f", help=told, autocompletion=complete)


Format = carrying()
Output = typer.Option(
    [], "--output", "-o", metavar="FORMAT=PATH", help="Also write a file; may be given repeatedly."
)


def wants_json(arguments: list[str]) -> bool:
    """Whether the command line asks for JSON, read even where it could not be parsed."""
    asked = any(a in {"--format", "-f"} and b == "json" for a, b in pairwise(arguments))
    return asked or "--format=json" in arguments


def emit(
    report: "Printable",
    chosen: str,
    files: list[str],
    *,
    verbose: bool = False,
    explain: bool = False,
    live: bool = False,
) -> None:
    """Print a report to stdout in one format, and to files in others.

    Raises:
        AdvisorError: there is no such format, or a file cannot be written.
    """
    from advisor import store
    from advisor.render import Style, render

    plain = Style(verbose=verbose, explain=explain)
    for name, path in targets(chosen, files):
        content = render(report, name, plain) + "\n"
        store.write_whole(path, content.encode(), f"write the {name} output")
    screen = Style(
        width=_width(),
        color=_color(),
        verbose=verbose,
        explain=explain,
        now=_now() if live else None,
    )
    _print(_printable(render(report, chosen, screen)))


def _print(text: str) -> None:
    """Print at once: a reader that has gone must not cost a command its exit code."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        hush()


def hush() -> None:
    """Say no more to a reader that has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def targets(chosen: str, files: list[str]) -> list[tuple[str, Path]]:
    """Read where results go; a command that takes long asks this first.

    Raises:
        AdvisorError: there is no such format, or a target is not FORMAT=PATH.
    """
    from advisor.render import known

    found = [_target(text) for text in files]
    for name in (chosen, *(name for name, _ in found)):
        known(name)
    return found


def _width() -> int:
    return max(60, min(shutil.get_terminal_size().columns, 100)) if sys.stdout.isatty() else 80


def _color() -> bool:
    # https://no-color.org: set and not empty; a terminal without a name knows no colours.
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") in {"dumb", "", None}
    return sys.stdout.isatty() and not plain


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _target(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if not (name and equals and path):
        from advisor.errors import AdvisorError

        raise AdvisorError(
            f"read --output {text}",
            "it is not of the form FORMAT=PATH",
            remedy="write, for example, --output json=profile.json",
        )
    return name, Path(path)


def _printable(text: str) -> str:
    """Replace what the terminal's encoding lacks, rather than fail on it."""
    encoding = sys.stdout.encoding or "ascii"
    with contextlib.suppress(UnicodeEncodeError):
        text.encode(encoding)
        return text
    return text.translate(_ASCII).encode(encoding, "replace").decode(encoding)


_ASCII = str.maketrans({"µ": "u", "°": "", "×": "x", "→": "->", "≥": ">=", "≤": "<=", "–": "-",
                        "—": "-", "…": "...", "±": "+-", "·": "*", "’": "'"})  # fmt: skip


def show(evidence: tuple[tuple[str, str], ...]) -> None:
    """Print what was read, ready to paste into a report."""
    from advisor.render.text import clean

    print("\nEvidence (redacted)")
    for name, text in evidence:
        print(f"\n--- {_printable(clean(name))}")
        print("\n".join(_printable(clean(line)) for line in text.expandtabs().splitlines()))


def word(line: str) -> None:
    """Say something that is no result, on stderr."""
    print(f"mlinfra: {line}", file=sys.stderr)
