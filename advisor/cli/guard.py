"""The one place that decides what each kind of failure means to the shell."""

import contextlib
import errno
import os
import signal
import sys
import traceback
from types import FrameType
from typing import NoReturn

import click

from advisor.errors import AdvisorError, Exit


class Terminated(BaseException):
    """SIGTERM, as an exception, so that what was measured is kept on the way out."""


def run(arguments: list[str]) -> int:
    """Run a command and return the exit code; nothing ends in a traceback unless asked."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        return _close(_command(arguments))
    except KeyboardInterrupt:
        return _say("interrupted; what was measured until then is kept", Exit.INTERRUPTED)
    except Terminated:
        return _say("terminated; what was measured until then is kept", Exit.TERMINATED)
    except BrokenPipeError:
        return _quietly()
    except Exception as error:  # noqa: BLE001 - the last door: whatever came is told in one line
        return _report(_ours(error), arguments)


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
    sys.stdout.flush()
    return code


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


def _say(line: str, code: Exit) -> int:
    with contextlib.suppress(OSError, ValueError):
        print(f"mlinfra: {line}", file=sys.stderr)
    return code


def _quietly() -> int:
    """End without a word when the reader of a pipe has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.DONE


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
        traceback.print_exc()
    from advisor.cli.output import wants_json
    from advisor.render.errors import as_json, as_text

    text = as_json(error) if wants_json(arguments) else as_text(error)
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr)
    return error.code
