"""Metrics pass promtool and carry every outcome; foreign text stays inside its label."""

import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings

from advisor.render import Style
from advisor.render.prometheus import render
from tests.checks import EACH, hostile

LABEL = r'[a-z]+="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = rf"mlinfra_check_[a-z_]+(?:\{{{LABEL}(?:,{LABEL})*\}})? [-+0-9.einf]+"


@pytest.mark.parametrize(
    "said",
    [
        "mlinfra_check_exit_code{tool=\"0.1.0\"} 1.0",
        "mlinfra_check_taken_timestamp_seconds 1767225600.0",
        'mlinfra_check_outcomes{outcome="fail"} 2.0',
        ('mlinfra_check_outcome{policy="workstation",rule="bad",subject="gpu:0",severity="error",'
        'outcome="fail"} 1.0'),
        ('mlinfra_check_value{policy="workstation",rule="fine",subject="machine",'
        'fact="memory.total",unit="bytes"} 8.0'),
    ],
)  # fmt: skip
def test_says(said):
    assert said in render(EACH, Style()).splitlines()


@given(told=hostile())
def test_foreign_text_stays_in_its_label(told):
    lines = [x for x in render(told, Style()).split("\n") if not x.startswith("#")]
    assert all(re.fullmatch(SAMPLE, text) for text in lines)
    assert len(set(lines)) == len(lines)


@pytest.mark.skipif(not shutil.which("promtool"), reason="needs promtool of Prometheus")
@given(told=hostile())
@settings(max_examples=15)
def test_promtool_finds_nothing(told):
    for text in (render(EACH, Style()), render(told, Style())):
        done = subprocess.run(
            ["promtool", "check", "metrics"],
            input=(text + "\n").encode(), capture_output=True, timeout=30, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, b"")
