"""Nagios reads one line with its state and figures, whatever the rules are called."""

import re

import pytest
from hypothesis import given

from advisor.render import Style
from advisor.render.nagios import render, status, unknown
from tests.checks import EACH, hostile, line, report

# label=value with an optional unit and limits, as the Monitoring Plugins guidelines have it.
FIGURE = r"'(?:[^'=|]|'')*'=-?(?:\d+(?:\.\d*)?(?:e[-+]?\d+)?|inf)(?:s|B)?(?:;[^; ]*)*"


@pytest.mark.parametrize(
    ("told", "code", "word"),
    [
        (report(line("r", "pass")), 0, "OK"),
        (report(line("r", "fail", standing="minor"), line("s", "pass")), 1, "WARNING"),
        (report(line("r", "fail"), line("s", "unknown")), 2, "CRITICAL"),
        (report(line("r", "unknown")), 3, "UNKNOWN"),
        (report(line("r", "waived")), 3, "UNKNOWN"),
    ],
)
def test_states(told, code, word):
    assert status(told) == code
    assert render(told, Style()).startswith(f"MLINFRA {word} - workstation: 1 ")


def test_what_is_said():
    first, *rest = render(EACH, Style()).splitlines()
    assert first.startswith(
        "MLINFRA CRITICAL - workstation, gpu-node: 2 pass, 2 fail, 1 unknown, 1 not-applicable, "
        "1 waived (bad on gpu:0) | 'pass'=2;;;0 'fail'=2;;;0"
    )
    assert first.endswith(
        "'memory.total'=8.0B 'gpu:0 gpu.matmul_peak.bf16'=30000000000000.0 "
        "'gpu:0 gpu.temperature'=71.5"
    )
    assert [x.split(":")[0] for x in rest] == ["FAIL bad on gpu", "UNKNOWN open", "FAIL small"]


@given(told=hostile())
def test_foreign_text_ends_no_line_and_adds_no_figure(told):
    lines = render(told, Style()).split("\n")
    assert len(lines) == 1 + sum(o.standing in {"fail", "open"} for o in told.outcomes)
    assert sum(x.count("|") for x in lines) == 1
    assert re.fullmatch(rf"{FIGURE}(?: {FIGURE})*", lines[0].split(" | ")[1])


def test_an_error_is_unknown():
    assert unknown("mlinfra: x\n|y") == "MLINFRA UNKNOWN - mlinfra: x /y"
