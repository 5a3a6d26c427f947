"""Clocks come from the driver, the firmware or the name; a mouse's battery is not ours."""

import pytest

from advisor.machine import Power
from advisor.probe.clocks import look, power
from tests.forest import CPU, grow

TWO = frozenset({0, 1})
DRIVER = {
    f"{CPU}/cpu0/cpufreq/base_frequency": "2000000",
    f"{CPU}/cpu0/cpufreq/cpuinfo_max_freq": "4000000",
    f"{CPU}/cpu0/cpufreq/scaling_max_freq": "3000000",
    f"{CPU}/cpu0/cpufreq/scaling_governor": "performance",
    f"{CPU}/cpu1/cpufreq/cpuinfo_max_freq": "3500000",
    f"{CPU}/cpu1/cpufreq/scaling_governor": "powersave",
    f"{CPU}/cpu1/cpufreq/energy_performance_preference": "balance_power",
}


def test_the_driver():
    clocks = look(grow(DRIVER), TWO, "Xeon @ 1.00GHz")
    assert clocks.highest == {0: 4e9, 1: 3.5e9}
    assert (clocks.limit, clocks.base) == ({0: 3e9}, {0: 2e9})
    assert (clocks.governor, clocks.preference) == ("performance+powersave", "balance_power")


@pytest.mark.parametrize(
    ("files", "model", "base"),
    [
        ({f"{CPU}/cpu0/acpi_cppc/nominal_freq": "3700"}, "EPYC", {0: 3.7e9}),
        ({}, "Xeon(R) CPU @ 2.10GHz", {0: 2.1e9, 1: 2.1e9}),
        ({}, "EPYC 7R13", {}),
        ({}, None, {}),
    ],
)
def test_base(files, model, base):
    assert look(grow(files), TWO, model).base == pytest.approx(base)


def supply(name, **fields):
    return {f"/sys/class/power_supply/{name}/{field}": text for field, text in fields.items()}


MAINS = {"type": "Mains", "online": "1"}
BATTERY = {"type": "Battery", "status": "Discharging", "capacity": "80"}


@pytest.mark.parametrize(
    ("files", "kind", "expected"),
    [
        ({}, "live", Power(on_battery=False)),
        ({}, "tree", Power(on_battery=None)),
        ({**supply("AC", **MAINS), **supply("BAT0", **BATTERY)}, "live", Power(False, 0.8)),
        (supply("BAT0", **BATTERY), "live", Power(True, 0.8)),
        (supply("BAT0", **{**BATTERY, "status": "Full"}), "tree", Power(False, 0.8)),
        (supply("BAT0", type="Battery", capacity="900"), "live", Power(None, None)),
        (supply("hidpp", **BATTERY, scope="Device"), "live", Power(False, None)),
        (
            {"/sys/firmware/acpi/platform_profile": "low-power"},
            "live",
            Power(False, None, "low-power"),
        ),
    ],
)
def test_power(files, kind, expected):
    assert power(grow(files, kind=kind)) == expected
