import pytest

from advisor.bench.watch import Watch
from tests.bench.fakes import FakeClock

STAT = """cpu  100 0 50 1000 5 0 2 30 0 0
cpu0 60 1 20 500 2 3 2 10 0 0
cpu1 40 0 30 500 3 0 0 20 0 0
intr 12345
"""


def tree(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


@pytest.mark.parametrize(
    ("cpus", "busy", "steal"), [({0, 1}, 1.56, 0.30), ({0}, 0.86, 0.10), ({7}, None, None)]
)
def test_only_the_processors_at_hand_count(tmp_path, cpus, busy, steal):
    watch = Watch(FakeClock(), tree(tmp_path, {"proc/stat": STAT}), frozenset(cpus))
    seen = watch.read()
    assert seen.busy == (pytest.approx(busy) if busy else None)
    assert seen.steal == (pytest.approx(steal) if steal else None)
    assert seen.cpus == len(cpus)


@pytest.mark.parametrize(
    "stat", ["", "cpu0 0 0 0 0 0 0 0 0 0 0\n", "cpu0 1 2 3\n"], ids=["none", "sandbox", "old"]
)
def test_what_cannot_be_seen_is_unknown(tmp_path, stat):
    seen = Watch(FakeClock(), tree(tmp_path, {"proc/stat": stat}), frozenset({0})).read()
    assert (seen.busy, seen.steal, seen.throttles, seen.battery, seen.saver) == (None,) * 5


def test_counters_supplies_and_profile_are_read(tmp_path):
    thermal = "sys/devices/system/cpu/cpu{}/thermal_throttle/core_throttle_count"
    files = {
        thermal.format(0): "2\n",
        thermal.format(1): "3\n",
        "sys/fs/cgroup/cpu.stat": "usage_usec 5\nnr_periods 9\nnr_throttled 4\n",
        "sys/class/power_supply/BAT0/status": "Discharging\n",
        "sys/class/power_supply/hid/status": "Full\n",
        "sys/firmware/acpi/platform_profile": "low-power\n",
    }
    seen = Watch(FakeClock(), tree(tmp_path, files), frozenset({0})).read()
    assert (seen.throttles, seen.quota_stops) == (5, 4)
    assert (seen.battery, seen.saver) == (True, "low-power")


def test_a_charging_battery_is_no_battery_power(tmp_path):
    files = {"sys/class/power_supply/BAT0/status": "Charging\n"}
    assert Watch(FakeClock(), tree(tmp_path, files), frozenset({0})).read().battery is False


def test_this_machine_can_be_read():
    seen = Watch(FakeClock()).read()
    assert seen.cpus >= 1
    assert seen.own > 0
