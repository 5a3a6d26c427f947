"""Timed facts carry their width; what was not timed, or is invalid, is unknown with the command."""

from advisor.fact import Status
from advisor.measurement import Quality
from advisor.vocabulary.measured import CPU, GPU, facts
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
