"""A place's figures come from its own valid measurements alone."""

import math

import msgspec
import pytest

from advisor.conditions import conditions_of
from advisor.measurement import MOVES, Quality
from advisor.operation import Op
from advisor.predict.figures import cache_bytes, measured, spread_of

CONV = Op(op="conv", shape={"c": 8, "h": 4, "w": 4, "k": 8, "r": 3, "s": 3, "padding": 1})
HEADS = {"batch": 1, "heads": 2, "q": 4, "kv": 6, "d": 8, "causal": False}
RELU = Op(op="elementwise", kernel="relu", reads=64, writes=64)


def test_headlines_become_basis(profile):
    cpu = measured(profile(), "cpu")
    assert cpu.peaks["fp32"].fact == "cpu.matmul_peak.fp32"
    assert cpu.peaks["fp32"].value == 300e9
    assert cpu.bandwidth.fact == "cpu.memory_triad"
    assert cpu.threads == 2
    assert spread_of(cpu.peaks["fp32"]) == pytest.approx(0.04 / 3.92, rel=0.01)
    gpu = measured(profile(), "gpu:0")
    assert gpu.peaks["fp16"].fact == "gpu.matmul_peak.fp16"
    assert set(gpu.peaks) == {"fp32", "fp16"}


def test_an_invalid_measurement_counts_as_not_made(profile):
    rows = [msgspec.structs.replace(m, quality=Quality.INVALID) for m in profile().measurements]
    bad = measured(msgspec.structs.replace(profile(), measurements=tuple(rows)), "cpu")
    assert (bad.peaks, bad.bandwidth) == ({}, None)


def test_an_invalid_point_of_a_surface_is_heard_with_its_noise(profile, timed):
    row = timed("op", 3e-6, dtype="fp32", unit="s", **conditions_of(RELU))
    wild = msgspec.structs.replace(row, low=1e-6, high=9e-6, quality=Quality.INVALID)
    (point,) = measured(profile(wild), "cpu").points["elementwise", "fp32"]
    assert point.spread == pytest.approx(0.56, abs=0.01)


def test_what_moves_of_the_host_add_is_no_noise_of_a_point(profile, timed):
    op = Op(op="elementwise", kernel="relu", reads=1e6, writes=1e6)
    steady = timed("op", 1e-3, dtype="fp32", **conditions_of(op))
    steady = msgspec.structs.replace(steady, low=0.9e-3, high=1.1e-3)
    half = math.hypot(0.1, 0.4) * 1e-3
    moved = msgspec.structs.replace(
        steady, low=1e-3 - half, high=1e-3 + half, conditions={**steady.conditions, MOVES: 0.4}
    )
    one, other = (
        measured(profile(row), "cpu").points["elementwise", "fp32"][0] for row in (steady, moved)
    )
    assert other.spread == pytest.approx(one.spread, rel=1e-6)
    assert other.doubt == pytest.approx(one.doubt, rel=1e-6)


def test_waking_is_what_small_ops_took_longer_when_they_were_cold(profile, timed):
    rows = [
        timed("op", 2e-6, dtype="fp32", unit="s", cold_call=2e-6 + extra, **conditions_of(op))
        for extra, op in (
            (10e-6, Op(op="elementwise", kernel="relu", reads=512, writes=512)),
            (20e-6, Op(op="elementwise", kernel="relu", reads=1024, writes=1024)),
            (90e-6, Op(op="elementwise", kernel="relu", reads=2048, writes=2048)),
            (5e-3, Op(op="elementwise", kernel="relu", reads=1e6, writes=1e6)),
        )
    ]
    assert measured(profile(*rows), "cpu").waking == pytest.approx(20e-6)
    assert measured(profile(), "cpu").waking == 0.0


def test_what_going_backward_only_hands_on_is_no_point(profile, timed):
    clone = Op(op="copy", kernel="clone", reads=512, writes=512)
    rows = [
        timed("op", 14e-6, dtype="fp32", unit="s", **conditions_of(clone, backward=back))
        for back in (False, True)
    ]
    (point,) = measured(profile(*rows), "cpu").points["copy", "fp32"]
    assert not point.backward


def test_the_ladder_counts_what_a_copy_touches(profile, timed):
    rows = [
        timed("memory.copy.at", rate, bytes=size) for size, rate in ((2**20, 40e9), (2**14, 90e9))
    ]
    assert measured(profile(*rows), "cpu").ladder == ((2**15, 90e9), (2**21, 40e9))


@pytest.mark.parametrize(
    ("name", "unit", "value", "conditions", "key", "seconds"),
    [
        ("matmul", "FLOP/s", 1e9, {"m": 10, "n": 10, "k": 10, "threads": 2}, "gemm", 2e-6),
        ("conv", "FLOP/s", 1e9, CONV.shape, "conv", 2 * 16 * 64 * 9 / 1e9),
        ("attention", "FLOP/s", 1e9, HEADS, "attention", 4 * 2 * 4 * 6 * 8 / 1e9),
        ("op", "s", 3e-6, conditions_of(RELU), "elementwise", 3e-6),
    ],
)
def test_points(profile, timed, name, unit, value, conditions, key, seconds):
    row = timed(name, value, dtype="fp32", unit=unit, **conditions)
    (point,) = measured(profile(row), "cpu").points[key, "fp32"]
    assert point.seconds == pytest.approx(seconds)
    assert "threads" not in point.op.shape


def test_the_ladder_tells_what_the_caches_hold(profile, timed):
    steps = ((2**14, 90e9), (2**20, 40e9), (2**24, 21e9))
    rows = [timed("memory.copy.at", rate, bytes=size) for size, rate in steps]
    assert cache_bytes(measured(profile(*rows), "cpu")) == 2**21
    assert cache_bytes(measured(profile(), "cpu")) == 0


@pytest.mark.parametrize(
    ("name", "conditions"),
    [
        ("conv", {**CONV.shape, "layout": "nhwc"}),  # eager torch runs what it is given: nchw
        ("conv", {"n": 8}),
        ("attention", {"batch": 1, "heads": 8}),
        ("matmul", {}),
        ("op", {"op": "pool", "kernel": "max_pool2d_with_indices", "reads": 8.0, "writes": 2.0}),
    ],
)
def test_what_is_no_point_of_a_surface_is_left_out(profile, timed, name, conditions):
    row = timed(name, 1e9, dtype="fp32", **conditions)
    assert not measured(profile(row), "cpu").points
