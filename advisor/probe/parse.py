"""The small notations of /proc and /sys: CPU lists, CPU masks, sizes, `key : value` lines."""

import re

# Larger than any CPU or node number that Linux can have (NR_CPUS is at most 8,192).
HIGHEST = 1 << 14

_SPAN = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?", re.ASCII)
_MASK = re.compile(r"[0-9a-fA-F]{1,8}(?:,[0-9a-fA-F]{1,8})*", re.ASCII)
_SIZE = re.compile(r"(\d{1,18}) ?([KMGT]?)(?:i?B)?", re.ASCII | re.IGNORECASE)
_STEP = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def cpu_list(text: str | None) -> frozenset[int] | None:
    """Read ``0-3,8``; an empty list is empty, None is no list (cpumask(9), "List format")."""
    if text is None:
        return None
    cpus: set[int] = set()
    for part in text.split(",") if text.strip() else []:
        match = _SPAN.fullmatch(part.strip())
        if not match:
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or last >= HIGHEST:
            return None
        cpus.update(range(first, last + 1))
    return frozenset(cpus)


def cpu_mask(text: str | None) -> frozenset[int] | None:
    """Read ``00000000,0000000f``: words of 32 bits, the last one lowest (cpuset(7), "Mask format").

    The first word may be shorter, as the kernel prints NR_CPUS bits.
    """
    if text is None or len(text) > HIGHEST or not _MASK.fullmatch(text):
        return None
    bits = 0
    for word in text.split(","):
        bits = bits << 32 | int(word, 16)
    digits = enumerate(reversed(f"{bits:b}"))
    return frozenset(at for at, digit in digits if digit == "1")


def size(text: str | None) -> int | None:
    """Read ``32K``, ``12288 KB``, ``1024 kB`` or ``512`` into bytes; /proc means 1024 by all."""
    match = _SIZE.fullmatch(text.strip()) if text else None
    return int(match[1]) * _STEP[match[2].upper()] if match else None


def whole(text: str | None) -> int | None:
    """Read a decimal or 0x-hexadecimal whole number."""
    if text and re.fullmatch(r"[-+]?\d{1,20}", text, re.ASCII):
        return int(text)
    return int(text, 16) if text and re.fullmatch(r"0[xX][0-9a-fA-F]{1,16}", text) else None


def pairs(text: str | None, separator: str = ":") -> dict[str, str]:
    """Read ``key: value`` lines; of a repeated key the first counts."""
    found: dict[str, str] = {}
    for line in (text or "").splitlines():
        key, mark, value = line.partition(separator)
        if mark:
            found.setdefault(key.strip(), value.strip())
    return found
