"""The one place that decides what each kind of failure means to the shell."""

import contextlib
import errno
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

import click

from advisor.cli.output import hush, wants_json
from advisor.errors import AdvisorError, Exit


class Terminated(BaseException):
    """SIGTERM, as an exception, so that what was measured is kept on the way out."""


def run(arguments: list[str]) -> int:
    """Run a command and return the exit code; nothing ends in a traceback unless asked."""
    _open_streams()
    _open()
    signal.signal(signal.SIGTERM, _terminate)
    try:
        return _close(_command(arguments))
    except KeyboardInterrupt:
        return _end("interrupted", Exit.INTERRUPTED, arguments)
    except Terminated:
        return _end("terminated", Exit.TERMINATED, arguments)
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
    from advisor.cli.app import app

    try:
        result = app(args=arguments or ["--help"], prog_name="mlinfra", standalone_mode=False)
    except SystemExit as left:
        if left.code == 1:  # what typer makes of a pipe that closed early
            raise BrokenPipeError from left
        raise
    if result == Exit.INTERRUPTED:  # what typer makes of a Ctrl-C
        raise KeyboardInterrupt
    return result if isinstance(result, int) else Exit.DONE


def _close(code: int) -> int:
    """Flush now: a full disk or a closed pipe must not be found out after the exit code."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        hush()
    return code


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


def _end(how: str, code: Exit, arguments: list[str]) -> int:
    return _tell(f"mlinfra: {how}; what was measured until then is kept", code, arguments)


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


def _usage(error: click.ClickException) -> AdvisorError:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "mlinfra"
    wrong = " ".join(error.format_message().split())
    return AdvisorError(f"run `{command}`", wrong, remedy=f"see `{command} --help`")


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
