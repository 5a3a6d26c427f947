"""Clocks come from the driver, the firmware or the name; a mouse's battery is not ours."""

import pytest

from advisor.machine import Power
from advisor.probe.clocks import look, power
from advisor.probe.cpuinfo import read
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

VM = "cpu MHz: 2600.000\nflags: fpu hypervisor constant_tsc"


def test_the_driver():
    clocks = look(grow(DRIVER), TWO, read("processor: 0\nmodel name: Xeon @ 1.00GHz"))
    assert clocks.highest == {0: 4e9, 1: 3.5e9}
    assert (clocks.limit, clocks.base) == ({0: 3e9}, {0: 2e9})
    assert (clocks.governor, clocks.preference) == ("performance+powersave", "balance_power")


@pytest.mark.parametrize(
    ("files", "text", "base"),
    [
        ({f"{CPU}/cpu0/acpi_cppc/nominal_freq": "3700"}, "model name: EPYC", {0: 3.7e9}),
        ({}, "model name: Xeon(R) CPU @ 2.10GHz", {0: 2.1e9, 1: 2.1e9}),
        ({}, "model name: EPYC 7R13\ncpu MHz: 2600", {}),
        ({}, VM, {0: 2.6e9, 1: 2.6e9}),
        # This one prints how fast the core ran just now.
        ({}, f"{VM} aperfmperf", {}),
        ({}, "", {}),
    ],
)
def test_base(files, text, base):
    assert look(grow(files), TWO, read(f"processor: 0\n{text}")).base == pytest.approx(base)


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
