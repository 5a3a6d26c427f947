"""Timed facts carry their width; what was not timed, or is invalid, is unknown with the command."""

import pytest

from advisor.fact import Status
from advisor.measurement import Quality
from advisor.vocabulary.measured import CPU, GPU, facts, gains
from tests.fakes import MEASURED, measured


def test_values_and_width():
    told = facts(CPU, "cpu", MEASURED)
    assert told["cpu.matmul_peak.fp32"].value == 3e11
    assert told["cpu.matmul_peak.fp32"].low == 3e11 * 0.95
    assert facts(GPU, "gpu:0", MEASURED)["gpu.memory_copy"].value == 2.5e11


def test_not_timed_names_the_command():
    told = facts(CPU, "cpu", ())["cpu.memory_triad"]
    assert (told.status, told.why, told.remedy) == (
        Status.UNKNOWN,
        "not timed",
        "mlinfra bench memory",
    )


def test_invalid_is_unknown_with_its_cause():
    bad = measured("memory.triad", "cpu", 1, "bytes/s", quality=Quality.INVALID, cause="throttled")
    told = facts(CPU, "cpu", (bad,))["cpu.memory_triad"]
    assert (told.status, told.why) == (Status.UNKNOWN, "throttled")


def test_a_gain_is_the_ratio_with_both_widths():
    told = gains("cpu", facts(CPU, "cpu", MEASURED))["cpu.bf16_gain"]
    assert told.value == pytest.approx(2 / 3)
    assert told.low == pytest.approx(2 / 3 * 0.95 / 1.05)
    assert told.high == pytest.approx(2 / 3 * 1.05 / 0.95)


def test_a_gain_of_what_was_not_timed_is_unknown():
    told = gains("cpu", facts(CPU, "cpu", MEASURED))["cpu.fp16_gain"]
    assert (told.status, told.why) == (Status.UNKNOWN, "not timed")


def test_pinned_memory_gains_over_usual():
    rows = (
        measured("host_link.h2d", "link:gpu:0", 2e10, "bytes/s"),
        measured("host_link.h2d.pageable", "link:gpu:0", 1e10, "bytes/s"),
    )
    assert gains("gpu", facts(GPU, "gpu:0", rows))["gpu.pinned_gain"].value == 2.0
