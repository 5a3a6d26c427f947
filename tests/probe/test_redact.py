"""Secrets become tokens, the same one everywhere; what says nothing of the owner stays."""

import pytest

from advisor.probe.redact import Redactor

UUID = "12345678-9abc-def0-1234-56789abcdef0"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"GPU-{UUID} x", "GPU-redacted-1 x"),
        ("ether 52:54:00:12:34:56 up", "ether redacted-1 up"),
        ("enx525400123456", "enxredacted-1"),
        ("addr=10.0.0.7,rw", "addr=redacted-1,rw"),
        ("fe80::5054:ff:fe12:3456/64", "redacted-1/64"),
        ("(alice@build7) gcc", "(redacted-1) gcc"),
        ("on carol-box here", "on redacted-1 here"),
        ("0000:3b:00.0 and 00000000:3B:00.0", "0000:3b:00.0 and 00000000:3B:00.0"),
        ("00000000,0000000f", "00000000,0000000f"),
        ("550.54.14", "550.54.14"),
        ("root", "root"),
    ],
)
def test_words(text, kept):
    assert Redactor(["carol-box", "root", "x"]).words(text) == kept


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/home/alice/venv/lib/python3.11/site-packages/torch/version.py",
         "/home/redacted-1/redacted-2/lib/python3.11/site-packages/torch/version.py"),
        ("/sys/devices/system/cpu/cpu0/cache", "/sys/devices/system/cpu/cpu0/cache"),
        ("/sys/fs/cgroup/cpu/user_alice/cpu.max", "/sys/fs/cgroup/cpu/redacted-1/cpu.max"),
        ("/kubepods.slice/kubepods-pod123.slice", "/kubepods.slice/kubepods-redacted-1"),
        ("/dev/mapper/vg-alice", "/dev/mapper/redacted-1"),
        ("/dev/nvme0n1p2", "/dev/nvme0n1p2"),
        ("/", "/"),
    ],
)  # fmt: skip
def test_path(path, kept):
    assert Redactor().path(path) == kept


MOUNT = "36 35 0:50 /bob /mnt/bob rw,noatime - nfs4 server7:/export rw,vers=4.2,addr=10.0.0.7"
HIDDEN = (
    "36 35 0:50 /redacted-1 /mnt/redacted-1 rw,noatime - nfs4 redacted-4 rw,vers=redacted-2,"
    "addr=redacted-3"
)
LAYER = "1 0 0:2 / / rw - overlay overlay rw,upperdir=/var/lib/docker/overlay2/"


@pytest.mark.parametrize(
    ("path", "text", "kept"),
    [
        ("/proc/self/mountinfo", MOUNT, HIDDEN),
        ("/proc/self/mountinfo", "22 27 0:21 / /proc rw - proc proc rw", None),
        ("/proc/self/mountinfo", f"{LAYER}9f", f"{LAYER}redacted-1"),
        ("/proc/mounts", "tmpfs /run/user/1000 tmpfs rw,size=64k 0 0",
         "tmpfs /run/redacted-1/redacted-2 tmpfs rw,size=64k 0 0"),
        ("/proc/self/cgroup", "0::/user.slice/user-1000.slice", "0::/user.slice/redacted-1"),
        ("/proc/cpuinfo", "Serial\t\t: 00000000abcdef01", "Serial\t\t: redacted-1"),
        ("/proc/cpuinfo", "processor 0: identification = 29AA14,  machine = 2817",
         "processor 0: identification = redacted-1,  machine = 2817"),
        ("/proc/cpuinfo", "model name\t: Xeon", None),
        ("/proc/self/status", "Name:\talice", ""),
        ("/proc/self/status", "Cpus_allowed_list:\t0-1", None),
        ("/proc/sysinfo", "LPAR Name: ALICE", ""),
        ("/etc/machine-id", "0123456789abcdef", "redacted-1"),
        ("/proc/sys/kernel/osrelease", "5.15.90.1-microsoft-standard-WSL2", None),
    ],
)  # fmt: skip
def test_file(path, text, kept):
    assert Redactor().file(path, text) == (text if kept is None else kept)


def test_a_group_still_belongs_to_its_mount():
    hide = Redactor()
    hide.token("something")
    own = hide.file("/proc/self/cgroup", "0::/job_alice/step").removeprefix("0::")
    assert hide.path("/sys/fs/cgroup/job_alice/step/cpu.max") == f"/sys/fs/cgroup{own}/cpu.max"


def test_value():
    hide = Redactor()
    assert hide.value("/home/bob/lib:/usr/lib") == "/home/redacted-1/lib:/usr/lib"
    assert hide.value("3.11.7") == "3.11.7"
