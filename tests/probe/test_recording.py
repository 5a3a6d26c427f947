"""A capture gives the same machine anywhere, and tells nobody whose it is."""

import json

import msgspec
import pytest

from advisor.probe import capture, evidence, live, look, recording, replay
from tests.forest import grow
from tests.probe.test_smbios import END, STRINGS, device

CANARIES = {
    "host": "canaryhost", "user": "canaryuser", "uuid": "cafe1234-0000-4000-8000-cafecafecafe",
    "mac": "ca:fe:ca:fe:ca:fe", "ip": "10.99.98.97", "serial": "CANARYSERIAL",
    "group": "canarygroup", "id": "cafecafecafecafecafecafecafecafe", "share": "canaryshare",
}  # fmt: skip
C = CANARIES
HOME = f"/home/{C['user']}"
NODE = "/sys/devices/system/node/node0"
FILES = {
    "/proc/cpuinfo": f"processor: 0\nmodel name: Xeon\nflags: fpu lm\n\nSerial: {C['serial']}\n",
    "/proc/meminfo": "MemTotal: 1024 kB\nMemAvailable: 512 kB\n",
    "/proc/version": f"Linux version 6.1.0 ({C['user']}@{C['host']}) (gcc)",
    "/proc/self/cgroup": f"0::/{C['group']}",
    "/proc/self/status": f"Name:\t{C['user']}\nCpus_allowed_list:\t0\nVmSize:\t1 kB\n",
    "/proc/self/mountinfo": (
        "30 1 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
        f"40 1 0:50 /{C['share']} {HOME} rw - nfs4 {C['host']}:/{C['share']} rw,addr={C['ip']}\n"
    ),
    f"/sys/fs/cgroup/{C['group']}/memory.max": "300000",
    "/etc/machine-id": C["id"],
    "/etc/os-release": f'PRETTY_NAME="Debian on {C["host"]}"\n',
    "/sys/firmware/dmi/tables/DMI": device(strings=(*STRINGS[:3], (0x18, C["serial"]))) + END,
    "/sys/class/net/eth0/device/vendor": "0x8086",
    f"/sys/class/net/enx{C['mac'].replace(':', '')}/device/vendor": "0x8086",
    f"{HOME}/site-packages/torch/version.py": "__version__ = '2.13.0'\ncuda = None\n",
    f"{NODE}/cpulist": "0",
}
FACTS = {
    "directory": HOME, f"space:{HOME}": {"total": 10, "free": 5}, "python": "3.11.7",
    "path": [f"{HOME}/site-packages"], "secrets": [C["host"], C["user"]],
    "nvml": json.dumps({"values": {"0": {"nvmlDeviceGetUUID": f"GPU-{C['uuid']}"}}}),
    "env:KUBERNETES_SERVICE_HOST": C["ip"],
}  # fmt: skip


@pytest.fixture
def looked():
    source = grow(FILES, facts=FACTS, kind="live")
    machine = look(source, directory=HOME)
    source.process("nvml")
    source.text("/etc/machine-id")
    return source, machine


def test_no_canary_sings(looked):
    text = capture(looked[0]).decode().lower()
    for canary in CANARIES.values():
        assert canary.lower() not in text
        assert canary.lower().replace(":", "") not in text


def test_the_same_machine(looked, tmp_path):
    source, machine = looked
    (tmp_path / "file").write_bytes(capture(source))
    again = look(replay(tmp_path / "file"), directory=tmp_path)
    (disk,), (old,) = again.disks, machine.disks
    assert disk.path != old.path
    assert msgspec.structs.replace(disk, path=old.path) == old
    assert (again.cpu, again.memory) == (machine.cpu, machine.memory)
    assert again.software.torch == machine.software.torch == "2.13.0"
    assert again.software.container == "kubernetes"
    values = [[(line.level, line.value) for line in m.capacity["memory"]] for m in (again, machine)]
    assert values[0] == values[1]
    assert ("cgroup", 300000.0) in values[0]
    assert {gap.what for gap in again.gaps} == {gap.what for gap in machine.gaps}


def test_a_capture_of_a_replay_is_the_same(looked, tmp_path):
    (tmp_path / "one").write_bytes(capture(looked[0]))
    first = replay(tmp_path / "one")
    look(first, directory=tmp_path)
    (tmp_path / "two").write_bytes(capture(first))
    second = look(replay(tmp_path / "two"), directory=tmp_path)
    assert second.cpu == look(replay(tmp_path / "one"), directory=tmp_path).cpu


@pytest.mark.skipif(not live().linux, reason="this system has no /proc")
def test_this_machine(tmp_path):
    source = live()
    machine = look(source, directory=tmp_path)
    (tmp_path / "file").write_bytes(capture(source))
    again = look(replay(tmp_path / "file"), directory=tmp_path)
    assert (again.cpu, again.memory) == (machine.cpu, machine.memory)
    assert again.devices == machine.devices
    assert again.disks[0].kind == machine.disks[0].kind
    assert again.software == machine.software


def test_evidence_is_redacted_and_fits_a_report(looked, monkeypatch):
    told = dict(evidence(looked[0]))
    assert told["/proc/meminfo"].startswith("MemTotal: 1024 kB")
    assert not any(c.lower() in str(told).lower() for c in CANARIES.values())
    monkeypatch.setattr(recording, "ANSWER", 5)
    assert dict(evidence(looked[0]))["/proc/meminfo"].startswith("MemTo … (")
    monkeypatch.setattr(recording, "EVIDENCE", 100)
    assert sum(len(a) + len(b) for a, b in evidence(looked[0])) <= 100


def test_one_cpu_stands_for_all():
    files = {f"/sys/devices/system/cpu/cpu{n}/topology/core_id": "0" for n in range(12)}
    source = grow(files)
    look(source, directory="/")
    names = [name for name, _ in evidence(source) if "core_id" in name]
    assert names == ["/sys/devices/system/cpu/cpu0/topology/core_id"]
