"""Hardware that was left out of the fit is predicted as well as promised."""

import os
import sys
from pathlib import Path

import pytest

from advisor import book
from advisor.constants import ConstantSet

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("MLINFRA_DATA", ROOT.parent / "shared" / "data"))
pytestmark = pytest.mark.skipif(
    not (DATA / "perf").is_dir(), reason="no published measurements: set MLINFRA_DATA"
)


@pytest.fixture(scope="module")
def scores():
    pytest.importorskip("numpy", reason="the fits need numpy")
    sys.path.insert(0, str(ROOT / "tests" / "tools"))
    import score_elsewhere

    base = book.constants("elsewhere", (), ConstantSet).figures
    perf = DATA / "perf"
    found = score_elsewhere.gemm(perf, base, draws=3)
    found += score_elsewhere.graphs(perf, base) + score_elsewhere.openvino(perf, base)
    return {score.name: score for score in found}


def test_each_gate_is_met(scores):
    missed = [s.line() for s in scores.values() if s.gate and s.median > s.gate]
    assert missed == []


def test_intervals_hold_what_they_promise(scores):
    rows = [row for score in scores.values() for row in score.rows]
    assert len(rows) >= 200
    assert 0.75 <= sum(row[3] for row in rows) / len(rows) <= 0.92
