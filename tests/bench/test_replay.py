"""Replay times the ops it is given, on the machine at hand."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

from advisor.bench import SystemClock  # noqa: E402 - needs torch
from advisor.bench.replay import replay  # noqa: E402
from advisor.conditions import timed_op  # noqa: E402
from advisor.machine import Cpu, Machine, Memory  # noqa: E402
from advisor.operation import Op  # noqa: E402


def test_replay():
    op = Op(op="gemm", kernel="linear", shape={"m": 4, "n": 64, "k": 64}, weights=4096)
    machine = Machine(cpu=Cpu(threads_allowed=1), memory=Memory(available_bytes=2**30))
    kept = []
    outcome = replay(
        machine, [(op, False), (op, True)], place="cpu", dtype="fp32", seconds=5.0,
        clock=SystemClock(), keep=kept.append,
    )  # fmt: skip
    assert [m.name for m in outcome.measurements] == ["op", "op"]
    assert {bool(m.conditions["backward"]) for m in kept} == {False, True}
    assert timed_op(kept[0].conditions) == op
