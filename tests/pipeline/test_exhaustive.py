"""The best setting is searched for, and what the recommended one loses to it is measured."""

from types import SimpleNamespace

import msgspec
import pytest

from advisor import bench, book
from advisor.constants import ConstantSet
from advisor.estimate import Plan
from advisor.pipeline import exhaustive
from advisor.pipeline.exhaustive import PAIRS, Search, searched
from advisor.pipeline.look import Look
from advisor.verified import VerifyReport
from tests.fakes import measured, profile
from tests.predict.conftest import RULES

EMPTY = VerifyReport(
    tool="0", profile="p", taken="2026-01-01T00:00:00Z", workload="rl", title="t", lines=(), gaps=()
)
PLAN = Plan(phase="inference", place="cpu", dtype="fp32", batch=8)


@pytest.fixture
def search():
    known = profile(
        measurements=(
            measured("matmul.peak", "cpu", 3e11, "FLOP/s", dtype="fp32"),
            measured("memory.triad", "cpu", 2e10, "bytes/s"),
        )
    )
    constants = {k: book.constants(k, (RULES,), ConstantSet) for k in ("cpu", "gpu")}
    return Search(book.workload("rl", (RULES,)), known, constants, 1.0, 3600.0, Look())


@pytest.fixture
def ran(monkeypatch):
    """Stand in for running networks: compiled takes two thirds, one thread twice as long."""
    asked = []

    def run(errand):
        asked.append(errand)
        if errand.batch == 512:
            raise bench.TaskError("out of memory", remedy="take a smaller batch")
        seconds = errand.batch * (0.8 if errand.compile else 1.0) / errand.threads
        return SimpleNamespace(seconds=(seconds,) * 3, peak_bytes=1)

    monkeypatch.setattr(exhaustive.bench, "run_network", run)
    return asked


def test_every_setting_is_tried_and_the_regret_is_paired(search, ran):
    report = searched(EMPTY, search, [PLAN])
    (regret,) = report.regrets
    assert {(t.threads, t.compiled) for t in report.tried} >= {(1, False), (1, True)}
    assert regret.best.compiled
    assert not regret.recommended.compiled
    assert regret.regret.likely == pytest.approx(0.25)
    assert regret.pairs == PAIRS
    first = ran[-2 * PAIRS :]
    assert [e.compile for e in first[:4]] == [False, True, True, False]
    assert any(gap.why == "out of memory" for gap in report.gaps)


def test_the_recommended_setting_is_run_first(search, ran):
    searched(EMPTY, search, [msgspec.structs.replace(PLAN, batch=32, compiled=True)])
    assert (ran[0].batch, ran[0].compile) == (32, True)


def test_what_is_like_the_best_so_far_is_tried_next(search, ran):
    searched(EMPTY, search, [PLAN])
    best, apart = ran[0], []
    for errand in ran[1 : -2 * PAIRS]:
        pair = [(e.dtype, e.batch, e.threads, e.compile) for e in (best, errand)]
        apart.append(sum(a != b for a, b in zip(*pair, strict=True)))
        if errand.batch != 512 and rate(errand) > rate(best):
            best = errand
    assert max(apart[:3]) == 1  # from the recommended one it moves step by step
    assert best.compile
    assert rate(best) == max(rate(e) for e in ran if e.batch != 512)


def rate(errand):
    return errand.threads / (0.8 if errand.compile else 1.0)


def test_the_best_has_no_regret(search, ran, monkeypatch):
    monkeypatch.setattr(exhaustive, "product", lambda _compiled, threads: [(False, threads[0])])
    (regret,) = searched(EMPTY, search, [PLAN]).regrets
    if regret.best == regret.recommended:
        assert (regret.regret.likely, regret.pairs) == (0.0, 0)


def test_what_the_time_does_not_allow_is_said(search, ran):
    report = searched(EMPTY, search._replace(limit=-1.0), [PLAN])
    assert report.tried == report.regrets == ()
    (gap,) = report.gaps
    assert "were not tried" in gap.why
