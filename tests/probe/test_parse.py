"""The notations of /proc and /sys are read exactly, and garbage is no answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.probe.parse import cpu_list, cpu_mask, pairs, size, whole

SETS = st.frozensets(st.integers(0, 8191), max_size=40)


def listed(cpus):
    """Print as the kernel does: ranges, in order."""
    spans = []
    for cpu in sorted(cpus):
        if spans and spans[-1][1] == cpu - 1:
            spans[-1][1] = cpu
        else:
            spans.append([cpu, cpu])
    return ",".join(f"{a}-{b}" if a != b else str(a) for a, b in spans)


def masked(cpus, width):
    """Print as the kernel does: words of 32 bits, the first as short as the width leaves it."""
    bits = sum(1 << cpu for cpu in cpus)
    words = [f"{bits >> at & 0xFFFFFFFF:08x}" for at in range(0, width, 32)]
    digits = ((width % 32 or 32) + 3) // 4
    words[-1] = words[-1][8 - digits :]
    return ",".join(reversed(words))


@given(SETS)
def test_a_list_survives(cpus):
    assert cpu_list(listed(cpus) + "\n") == cpus


@given(SETS, st.integers(8192, 8300))
def test_a_mask_survives(cpus, width):
    assert cpu_mask(masked(cpus, width)) == cpus


@given(st.text())
def test_no_text_breaks_a_parser(text):
    assert size(text) is None or size(text) >= 0
    assert whole(text) is None or isinstance(whole(text), int)
    for answer in (cpu_list(text), cpu_mask(text)):
        assert answer is None or isinstance(answer, frozenset)
    assert isinstance(pairs(text), dict)


@pytest.mark.parametrize(
    ("text", "cpus"),
    [
        ("0-3,8", {0, 1, 2, 3, 8}), ("", set()), ("\n", set()), ("7", {7}), ("3-1", None),
        ("a", None), ("0-", None), ("-1", None), ("1,,2", None), ("0-999999", None), (None, None),
        ("٣", None),
    ],
)  # fmt: skip
def test_cpu_list(text, cpus):
    assert cpu_list(text) == cpus


@pytest.mark.parametrize(
    ("text", "cpus"),
    [
        ("00000000,0000000f", {0, 1, 2, 3}), ("1,00000000", {32}), ("3,00000001", {0, 32, 33}),
        ("0", set()), ("", None), ("xyz", None), ("123456789", None), (None, None),
        ("f" * 100_000, None),
    ],
)  # fmt: skip
def test_cpu_mask(text, cpus):
    assert cpu_mask(text) == cpus


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("32K", 32768), ("12288 KB", 12 << 20), ("16384 kB", 16 << 20), ("1 MiB", 1 << 20),
        ("512", 512), ("2M", 2 << 20), ("1G", 1 << 30), ("-1K", None), ("1.5M", None), ("", None),
        (None, None), ("1e9", None), ("٣K", None),
    ],
)  # fmt: skip
def test_size(text, number):
    assert size(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("0x48", 72), ("-1", -1), ("12", 12), ("0x", None), ("1 2", None), (None, None)],
)
def test_whole(text, number):
    assert whole(text) == number


def test_pairs_keep_the_first():
    assert pairs("a: 1\nb:2: 3\na: 4\nnothing\n") == {"a": "1", "b": "2: 3"}
