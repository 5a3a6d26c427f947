"""A shell completes the names that are known here."""

import pytest

from advisor.cli import complete


@pytest.mark.parametrize(
    ("completer", "begun", "among"),
    [
        (complete.workload, "cnn", ["cnn", "cnn-mobile"]),
        (complete.policy, "work", ["workstation"]),
        (complete.part, "nvidia l40s", ["NVIDIA L40S"]),
        (complete.rule, "keep-fp32", ["keep-fp32-unless-it-pays"]),
        (complete.benchmark, "mat", ["matmul"]),
        (complete.among(("table", "tap")), "ta", ["table", "tap"]),
        (complete.workload, "no-such", []),
    ],
)
def test_names_that_begin_so(completer, begun, among, tmp_path, monkeypatch):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path))
    assert completer(begun) == among
