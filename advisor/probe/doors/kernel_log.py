"""Xid errors of NVIDIA's driver in the kernel's log, where this user may read it."""

import os
import re
import subprocess

# "NVRM: Xid (PCI:0000:0b:00): 79, pid=1234, …" (NVIDIA, "XID Errors").
_XID = re.compile(
    r"NVRM: Xid \(PCI:([0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2})\): (\d{1,4})\b"
)
SECONDS = 2.0
MOST = 32


def xids(_: str) -> dict[str, list[int]] | None:
    """Return each code once by PCI address without its function; None where none may be read."""
    try:
        done = subprocess.run(
            ["dmesg"],
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else parse(done.stdout.decode("utf-8", "replace"))


def parse(text: str) -> dict[str, list[int]]:
    """Collect the codes of a log, each once and in order."""
    found: dict[str, list[int]] = {}
    for address, code in _XID.findall(text):
        codes = found.setdefault(address.lower(), [])
        if int(code) not in codes and len(codes) < MOST:
            codes.append(int(code))
    return found
