"""Workloads and parts are files that are Structs written out."""

import msgspec
import pytest

from advisor.book.catalogue import parts, workload, workloads
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


class Thing(msgspec.Struct, frozen=True):
    label: str


def test_parts(base):
    (base / "parts/a.yaml").write_text("- label: one\n- label: two\n")
    (base / "parts/b.yaml").write_text("parts:\n  - label: three\n")
    assert {"one", "two", "three"} <= {part.label for part in parts([base], Thing)}


def test_every_mistake_in_every_file_of_parts(base):
    (base / "parts/a.yaml").write_text("- lable: one\n")
    (base / "parts/b.yaml").write_text("a: 1\n")
    with pytest.raises(AdvisorErrors) as caught:
        parts([base], Thing)
    assert len([p for p in caught.value.problems if str(base) in p.where.file]) == 3
