"""macOS is read from what sysctl, vm_stat and pmset print."""

import msgspec
import pytest

from advisor.machine import Cache, CoreType, Power
from advisor.probe import darwin, look
from tests.forest import grow

M1_MAX = """hw.ncpu: 10
hw.memsize: 68719476736
hw.packages: 1
hw.physicalcpu: 10
hw.logicalcpu: 10
hw.logicalcpu_max: 10
hw.optional.arm64: 1
hw.optional.neon: 1
hw.optional.arm.FEAT_FP16: 1
hw.optional.arm.FEAT_DotProd: 1
hw.optional.arm.FEAT_BF16: 0
hw.nperflevels: 2
hw.perflevel0.physicalcpu: 8
hw.perflevel0.l1dcachesize: 131072
hw.perflevel0.l2cachesize: 12582912
hw.perflevel0.cpusperl2: 4
hw.perflevel0.name: Performance
hw.perflevel1.physicalcpu: 2
hw.perflevel1.name: Efficiency
hw.model: MacBookPro18,2
machdep.cpu.brand_string: Apple M1 Max
"""
INTEL = """hw.packages: 1
hw.physicalcpu: 6
hw.logicalcpu: 12
hw.l3cachesize: 12582912
hw.cpufrequency: 2600000000
machdep.cpu.vendor: GenuineIntel
machdep.cpu.brand_string: Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz
machdep.cpu.features: FPU SSE4.2 AVX1.0 FMA
machdep.cpu.leaf7_features: AVX2 BMI2
"""
PAGES = """Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                              1000.
Pages active:                            5000.
Pages inactive:                          2000.
Pages speculative:                        500.
"""
BATTERY = """Now drawing from 'Battery Power'
 -InternalBattery-0 (id=12345)\t80%; discharging; 4:10 remaining present: true
"""
DISKS = """/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
map auto_home on /System/Volumes/Data/home (autofs, automounted)
"""


def mac(hardware=M1_MAX, virtual="0"):
    programs = {
        darwin.HARDWARE: hardware, darwin.VIRTUAL: virtual, darwin.PAGES: PAGES,
        darwin.BATTERY: BATTERY, ("mount",): DISKS,
    }  # fmt: skip
    facts = {
        "platform": "darwin", "system": "macOS-14.5-arm64", "release": "23.5.0", "python": "3.12.1",
        "space:/": {"total": 10, "free": 5}, "env:OMP_NUM_THREADS": None,
    }  # fmt: skip
    return grow(programs=programs, facts=facts, kind="live", linux=False)


def test_apple_silicon():
    seen = darwin.processors(mac())
    cpu = seen.cpu
    assert (cpu.vendor, cpu.model, cpu.architecture) == ("Apple", "Apple M1 Max", "arm64")
    assert (cpu.sockets, cpu.cores, cpu.threads_online, cpu.l3_bytes) == (1, 10, 10, None)
    assert cpu.core_types == (CoreType("performance", (), 8), CoreType("efficiency", (), 2))
    assert cpu.caches == (Cache(1, "data", 8, 128 << 10), Cache(2, "unified", 2, 12 << 20))
    assert cpu.isa == ("dotprod", "fp16", "neon")
    assert cpu.hypervisor is None
    assert "cpu.hypervisor" not in {gap.what for gap in seen.gaps}
    assert seen.product == "MacBookPro18,2"
    assert {"cpu.l3_bytes", "cpu.max_hz", "cpu.numa_nodes"} <= {gap.what for gap in seen.gaps}


def test_intel():
    cpu = darwin.processors(mac(INTEL, "1")).cpu
    assert (cpu.vendor, cpu.architecture, cpu.cores) == ("GenuineIntel", "x86_64", 6)
    assert (cpu.l3_bytes, cpu.base_hz) == (12 << 20, 2.6e9)
    assert cpu.isa == ("avx", "avx2", "fma", "sse4_2")
    assert cpu.hypervisor == "unknown hypervisor"


def test_memory_and_power():
    assert darwin.ram(mac()).memory.total_bytes == 64 << 30
    assert darwin.ram(mac()).memory.available_bytes == 3500 * 16384
    assert darwin.power(mac()) == Power(on_battery=True, battery=0.8)
    assert darwin.power(grow()) == Power()


def test_a_whole_mac():
    machine = look(mac(), directory="/")
    assert machine.cpu.threads_allowed == 10
    assert machine.disks[0].filesystem == "apfs"
    assert machine.software.os == "macOS-14.5-arm64"
    assert [line.level for line in machine.capacity["memory"]] == ["physical", "free now"]


@pytest.mark.parametrize("hardware", ["", "garbage", "hw.nperflevels: 99999999\nhw.logicalcpu: -1"])
def test_silence_is_gaps(hardware):
    machine = look(mac(hardware), directory="/")
    assert machine.cpu.cores is None
    assert "cpu.cores" in {gap.what for gap in machine.gaps}
    msgspec.json.encode(machine)
