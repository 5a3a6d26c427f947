"""Workloads and parts are files that are Structs written out."""

import pytest

from advisor.book.catalogue import constants, parts, workload, workloads
from advisor.constants import ConstantSet
from advisor.errors import AdvisorError, AdvisorErrors

SMALL = """\
name: small
title: A small table
network: boosted trees
unit: jobs
phases: [fit]
batches: [1]
sources: [https://example.org]
trees: {rows: 1000, features: 10, rounds: 100, depth: 6}
"""


@pytest.fixture
def base(tmp_path):
    for name in ("workloads", "parts"):
        (tmp_path / name).mkdir()
    (tmp_path / "workloads/small.yaml").write_text(SMALL)
    return tmp_path


def test_a_workload(base):
    assert workload("small", [base]).trees.rows == 1000
    assert "small" in workloads([base])


def test_a_workload_is_named_as_its_file(base):
    (base / "workloads/tiny.yaml").write_text(SMALL)
    with pytest.raises(AdvisorError, match="the file is named tiny"):
        workload("tiny", [base])


SHELF = """\
vendor: Maker
source: https://example.org
date: 2026-01-01
parts:
  - name: Maker X
    kind: gpu
    memory: 24 GiB
    bandwidth: 1008 GB/s
    peaks: {fp16: 80 TFLOPS, int8: 160 TOPS}
"""


def test_parts_follow_the_shipped_ones(base):
    (base / "parts/a.yaml").write_text(SHELF)
    *shipped, mine = parts([base])
    assert (mine.memory, mine.peaks["int8"], mine.vendor) == (24 * 2**30, 160e12, "Maker")
    assert len(shipped) >= 100


def test_every_mistake_in_every_shelf(base):
    (base / "parts/a.yaml").write_text(SHELF.replace("memory: 24 GiB", "memory: 24 GB/s"))
    (base / "parts/b.yaml").write_text(SHELF.replace("bandwidth", "bandwith"))
    with pytest.raises(AdvisorErrors) as caught:
        parts([base])
    assert ["bytes" in p.wrong or "bandwith" in p.wrong for p in caught.value.problems] == [
        True
    ] * 2


def test_constants_are_read_as_the_predictor_wants_them(base):
    (base / "constants").mkdir()
    text = "constants: toy\ntitle: A toy\nsource: https://example.org\ntaken: 2026-01-01\n"
    (base / "constants/toy.yaml").write_text(text + "figures: {slack: 0.5}\n")
    assert constants("toy", [base], ConstantSet).figures == {"slack": 0.5}
    with pytest.raises(AdvisorError, match="no set of constants has that name"):
        constants("tyo", [base], ConstantSet)
