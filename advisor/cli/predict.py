"""``mlinfra predict``: what-ifs by the thousand, JSON Lines in and out."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import typer

from advisor.errors import AdvisorError, Where

SHORT = "Answer thousands of what-ifs, one a line."
EXAMPLES = """\b
Examples:
  mlinfra predict --cases cases.jsonl > answers.jsonl
  generate-cases | mlinfra predict --cases - --rules my-parts/
"""
CASES = (
    "A file of cases, one a line; - is stdin. A case whose workload is a model, module:factory, "
    "runs that code, in a process with limits."
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("predict", epilog=EXAMPLES, short_help=SHORT)(predict)


def predict(
    cases: str = typer.Option(..., "--cases", help=CASES),
    rules: list[Path] = typer.Option([], "--rules", help="A folder with more parts."),
) -> int:
    """Answer each case with one line, in order: throughput, seconds, memory, bound, basis."""
    from advisor.pipeline.batch import answers, lines, predictor

    with _opened(cases) as file:
        for line in answers(lines(file), predictor(tuple(rules))):
            sys.stdout.buffer.write(line + b"\n")
    return 0


@contextlib.contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as file:
            yield file
    except OSError as error:
        wrong = error.strerror or str(error)
        raise AdvisorError("read the cases", wrong, where=Where(name)) from error
