"""TAP is read by Perl's harness as it was meant, and foreign text ends no line."""

import json
import re
import shutil
import subprocess

import pytest
from hypothesis import given

from advisor.render import Style
from advisor.render.tap import render
from tests.checks import EACH, hostile, line, report


def test_every_outcome_is_carried():
    text = render(EACH, Style())
    assert [x for x in text.splitlines() if x[0] != " "] == [
        "TAP version 14",
        "1..7",
        "ok 1 - workstation: fine",
        "not ok 2 - workstation: bad on gpu:0",
        "not ok 3 - workstation: open",
        "ok 4 - workstation: elsewhere # SKIP not applicable",
        "not ok 5 - workstation: excused # TODO waived by ann until 2027-01-01: a fan",
        "not ok 6 - workstation: small # TODO fail, severity warning: does not count",
        "ok 7 - gpu-node: other",
    ]
    assert '  message: "Title. Because. To settle: mlinfra bench."' in text


@pytest.mark.skipif(not shutil.which("prove"), reason="needs prove, Perl's TAP harness")
@pytest.mark.parametrize(
    ("told", "code", "said"),
    [
        (EACH, 1, "Failed tests:  2-3"),
        (report(line("fine", "pass"), line("x", "waived")), 0, "Result: PASS"),
    ],
)
def test_the_harness_agrees(tmp_path, told, code, said):
    # Perl's harness reads up to version 13, whose grammar is the same for what we print.
    text = render(told, Style()).replace("version 14", "version 13", 1)
    (tmp_path / "told.tap").write_text(text + "\n")
    done = subprocess.run(
        ["prove", "--exec", "cat", "told.tap"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, said in done.stdout) == (code, True)
    assert "Parse errors" not in done.stdout


@given(told=hostile())
def test_foreign_text_stays_in_its_line(told):
    lines = render(told, Style()).split("\n")
    points = [x for x in lines if re.match(r"(not )?ok \d+ - ", x)]
    story = [x for x in lines if x.startswith("  ")]
    assert len(points) == len(told.outcomes)
    assert len(points) + len(story) + 2 == len(lines)
    for outcome, point in zip(told.outcomes, points, strict=True):
        directives = re.findall(r"(?<!\\)(?:\\\\)*#", point)
        assert len(directives) == (outcome.outcome in {"waived", "not-applicable"})
    for text in story:
        key, colon, value = text.strip().partition(": ")
        assert not colon or (key in {"outcome", "severity"} or json.loads(value) is not None)
