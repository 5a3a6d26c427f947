"""A cache counts once, however many CPUs share it; a size that is not told is not 0."""

from advisor.machine import Cache
from advisor.probe.caches import look
from tests.forest import CPU, grow


def cache(cpu, index, level, kind, shared, size=None, *, mask=False):
    folder = f"{CPU}/cpu{cpu}/cache/index{index}"
    name = "shared_cpu_map" if mask else "shared_cpu_list"
    files = {f"{folder}/level": str(level), f"{folder}/type": kind, f"{folder}/{name}": shared}
    return {**files, f"{folder}/size": size} if size else files


TWO = {
    **cache(0, 0, 1, "Data", "0", "32K"), **cache(0, 3, 3, "Unified", "0-1", "8192K"),
    **cache(1, 0, 1, "Data", "1", "32K"), **cache(1, 3, 3, "Unified", "0-1", "8192K"),
    **cache(2, 0, 1, "Data", "2", "32K"), **cache(2, 3, 3, "Unified", "4", "16M", mask=True),
}  # fmt: skip


def test_instances_times_size():
    seen = look(grow(TWO), frozenset({0, 1, 2}))
    assert seen.l3_bytes == 24 << 20
    assert seen.caches == (
        Cache(1, "data", 3, 32768),
        Cache(3, "unified", 1, 8 << 20),
        Cache(3, "unified", 1, 16 << 20),
    )
    assert seen.gaps == ()


def test_only_online_cpus_count():
    assert look(grow(TWO), frozenset({0, 1})).l3_bytes == 8 << 20


def test_what_is_not_told_is_unknown():
    cases = {
        "without its size": cache(0, 0, 3, "Unified", "0-1"),
        "without its CPUs": cache(0, 0, 3, "Unified", "0000", "1024K", mask=True),
        "up to level 1 only": cache(0, 0, 1, "Data", "0", "32K"),
        "no such file": {},
    }
    for words, files in cases.items():
        seen = look(grow(files), frozenset({0}))
        assert seen.l3_bytes is None
        (gap,) = seen.gaps
        assert gap.what == "cpu.l3_bytes"
        assert words in gap.why or words.replace("size", "size or without its CPUs") in gap.why
