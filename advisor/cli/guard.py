"""The one place that decides what each kind of failure means to the shell."""

import contextlib
import errno
import os
import re
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

import click

from advisor.cli.output import hush, wants_json
from advisor.errors import AdvisorError, Exit


class Stopped(BaseException):
    """SIGINT or SIGTERM, as an exception that no library takes for its own.

    What was measured is kept on its way out, and notes on it say how much that is.
    """

    def __init__(self, number: int) -> None:
        """Know which of them it was."""
        super().__init__()
        self.how, self.code = _STOPS[signal.Signals(number)]


_STOPS = {
    signal.SIGINT: ("interrupted", Exit.INTERRUPTED),
    signal.SIGTERM: ("terminated", Exit.TERMINATED),
}


def run(arguments: list[str]) -> int:
    """Run a command and return the exit code; nothing ends in a traceback unless asked."""
    _open_streams()
    _open()
    try:
        with _stoppable():
            return _close(_command(arguments))
    except Stopped as stopped:
        notes = getattr(stopped, "__notes__", ())
        return _tell("; ".join([f"mlinfra: {stopped.how}", *notes]), stopped.code, arguments)
    except BrokenPipeError:
        hush()
        return Exit.DONE
    except Exception as error:  # noqa: BLE001 - the last door: whatever came is told in one line
        return _report(_ours(error), arguments)


def _open_streams() -> None:
    """Lead closed standard streams to nowhere, lest the next file we open take their number."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115 - for as long as we run
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115 - the same
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115 - the same


def _open() -> None:
    """Give a command that was started with closed streams somewhere to print to."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115 - open to the end


def _command(arguments: list[str]) -> int:
    from advisor.cli.app import application

    app = application(next(iter(arguments), ""))
    try:
        result = app(args=arguments or ["--help"], prog_name="mlinfra", standalone_mode=False)
    except SystemExit as left:
        if left.code == 1:  # what typer makes of a pipe that closed early
            raise BrokenPipeError from left
        raise
    return result if isinstance(result, int) else Exit.DONE


def _close(code: int) -> int:
    """Flush now: a full disk or a closed pipe must not be found out after the exit code."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        hush()
    return code


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Turn signals into exceptions for a while, but for those that whoever started us ignores."""
    before = {number: signal.getsignal(number) for number in _STOPS}
    heard = [number for number, handler in before.items() if handler not in {signal.SIG_IGN, None}]
    for number in heard:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise Stopped(number)


def _tell(text: str, code: Exit, arguments: list[str]) -> int:
    """Say why there is no result: on stderr, but to Nagios on stdout and as its UNKNOWN."""
    nagios = "--nagios" in arguments
    try:
        sys.stdout.flush()
    except OSError:  # a full disk: what waits to be written would fail again on the way out
        hush()
    with contextlib.suppress(OSError, ValueError):
        if nagios:
            from advisor.render.nagios import unknown

            print(unknown(text))
        else:
            print(text, file=sys.stderr)
    return Exit.INCONCLUSIVE if nagios else code


def _ours(error: Exception) -> AdvisorError:
    if isinstance(error, AdvisorError):
        return error
    if isinstance(error, click.ClickException):
        return _usage(error)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        remedy = "free the space, or write elsewhere"
        return AdvisorError("write the result", "the disk is full", remedy=remedy, code=Exit.BROKEN)
    return _bug(error)


# How click and typer, each for itself, add the nearest name to a message.
_NEAREST = re.compile(r"\.? \(?Did you mean ")


def _usage(error: click.ClickException) -> AdvisorError:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "mlinfra"
    wrong, *near = _NEAREST.split(" ".join(error.format_message().split()))
    meant = f"did you mean {near[-1].rstrip('?)')}? " if near else ""
    return AdvisorError(
        f"run `{command}`", wrong.rstrip("."), remedy=f"{meant}see `{command} --help`"
    )


def _bug(error: Exception) -> AdvisorError:
    return AdvisorError(
        "finish the command",
        f"{type(error).__name__}: {' '.join(str(error).split())}",
        remedy="report it with what --debug prints",
        code=Exit.BROKEN,
    )


def _report(error: AdvisorError, arguments: list[str]) -> int:
    if "--debug" in arguments:
        import traceback

        traceback.print_exc()
    from advisor.render.errors import as_json, as_text

    text = as_json(error) if wants_json(arguments) else as_text(error)
    return _tell(text, error.code, arguments)
