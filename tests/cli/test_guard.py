"""Every way a command can end has its line and its exit code, and none is a traceback."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time

import click
import pytest

from advisor.cli import guard
from advisor.errors import AdvisorError, Exit, Where

LOST = AdvisorError(
    "read x", "it is gone", where=Where("x", 2), remedy="bring it back", code=Exit.BROKEN
)


@pytest.fixture(autouse=True)
def heeded():
    """Hear SIGINT: a shell starts what runs in the background with that signal ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    ("failure", "code", "line"),
    [
        (LOST, 4, "mlinfra: x:2: read x: it is gone; bring it back"),
        (guard.Stopped(signal.SIGINT), 130, "mlinfra: interrupted"),
        (guard.Stopped(signal.SIGTERM), 143, "mlinfra: terminated"),
        (click.UsageError("No such option: --x"), 2,
         "mlinfra: run `mlinfra`: No such option: --x; see `mlinfra --help`"),
        (OSError(28, "No space left on device"), 4,
         "mlinfra: write the result: the disk is full; free the space, or write elsewhere"),
        (ValueError("two\nlines"), 4,
         "mlinfra: finish the command: ValueError: two lines; report it with what --debug prints"),
    ],
)  # fmt: skip
def test_a_failure_is_one_line_and_a_code(monkeypatch, capsys, failure, code, line):
    def fail(_arguments: list[str]) -> int:
        raise failure

    monkeypatch.setattr(guard, "_command", fail)
    assert guard.run([]) == code
    assert capsys.readouterr().err == line + "\n"


def test_what_stops_a_command_says_how_much_is_kept(monkeypatch, capsys):
    stopped = guard.Stopped(signal.SIGINT)
    stopped.add_note("43 figures kept")

    def fail(_arguments: list[str]) -> int:
        raise stopped

    monkeypatch.setattr(guard, "_command", fail)
    assert guard.run(["bench"]) == 130
    assert capsys.readouterr().err == "mlinfra: interrupted; 43 figures kept\n"


def test_under_json_an_error_is_json(monkeypatch, capsys):
    def fail(_arguments: list[str]) -> int:
        raise LOST

    monkeypatch.setattr(guard, "_command", fail)
    assert guard.run(["probe", "--format", "json"]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert json.loads(err) == {
        "schema": "mlinfra/error/1", "attempted": "read x", "wrong": "it is gone",
        "where": {"file": "x", "line": 2}, "remedy": "bring it back", "exit": 4,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nonsense"], 2, "No such command"),
        (["probe", "--nonsense"], 2, "No such option"),
        (["probe", "--format", "yaml"], 2, "there is no such format"),
        (["probe", "--timeout", "soon"], 2, "it is no time above zero"),
        (["probe", "--root", "/nowhere/at/all"], 2, "/nowhere/at/all"),
    ],
)
def test_wrong_usage_is_exit_2(arguments, code, said, capsys):
    assert guard.run(arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (["recomend"], "No such command 'recomend'; did you mean 'recommend'?"),
        (["rules", "lst"], "No such command 'lst'; did you mean 'list'?"),
        (["recommend", "--worklod"], "No such option '--worklod'; did you mean '--workload'?"),
        (["recommend"], "Missing option '--workload' / '-w';"),
    ],
)
def test_the_nearest_name_is_told_once(arguments, wrong, capsys):
    assert guard.run(arguments) == 2
    assert f": {wrong} see `mlinfra" in capsys.readouterr().err


def test_debug_shows_the_traceback(monkeypatch, capsys):
    def fail(_arguments: list[str]) -> int:
        raise ValueError("why")

    monkeypatch.setattr(guard, "_command", fail)
    assert guard.run(["--debug"]) == 4
    assert "Traceback" in capsys.readouterr().err


def test_help_loads_nothing_heavy(capsys):
    before = set(sys.modules)
    assert guard.run(["--help"]) == 0
    assert "Exit codes" in capsys.readouterr().out
    assert not {"torch", "numpy", "yaml", "rich"} & (set(sys.modules) - before)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_in_the_middle_ends_in_one_line_and_its_code(tmp_path, number, code):
    command = [sys.executable, "-m", "advisor", "bench", "memory", "--time", "60s", "--thorough"]
    run = subprocess.Popen(
        command,
        env={**os.environ, "MLINFRA_STATE": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(1.5)
    run.send_signal(number)
    out, err = run.communicate(timeout=30)
    assert (run.returncode, out) == (code, "")
    how = {130: "interrupted", 143: "terminated"}[code]
    files = tmp_path.glob("measurements/*.json")
    kept = sum(len(json.loads(file.read_text())["measurements"]) for file in files)
    told = "1 figure kept" if kept == 1 else f"{kept} figures kept"
    line = err.splitlines()[-1]
    if not (kept == 0 and line == f"mlinfra: {how}"):  # stopped before it began to time
        assert line == f"mlinfra: {how}; {told}"
    assert "Traceback" not in err


def test_a_signal_that_whoever_started_us_ignores_stays_ignored(monkeypatch):
    heard = {}
    monkeypatch.setattr(guard, "_command", lambda _: heard.update(now=signal.getsignal(2)) or 0)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert guard.run([]) == 0
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard["now"] is signal.SIG_IGN
    assert guard.run([]) == 0
    assert heard["now"] is guard._stop
    assert signal.getsignal(signal.SIGINT) is before


def test_a_reader_that_leaves_ends_it_quietly():
    command = (
        f"{shlex.quote(sys.executable)} -m advisor probe -v | head -n 1; echo ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""
