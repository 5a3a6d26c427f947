"""Compare the catalogue with a table of devices: python tests/tools/compare_parts.py DEVICES.csv.

Prints each figure of the table that the catalogue has otherwise. Of two dies on one board the
table has both, the catalogue one.
"""

import csv
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from advisor import book
from advisor.part import Part, index, key

_TERA = {
    "fp32": "fp32", "tf32": "tf32", "fp16_dense": "fp16", "fp16_acc16": "fp16_acc16",
    "bf16_dense": "bf16", "fp8_dense": "fp8", "int8_dense": "int8",
}  # fmt: skip
# The table prints one decimal.
_RELATIVE, _ABSOLUTE = 0.012, 0.06


def spellings(name: str) -> Iterator[str]:
    """Names that drivers print for a short name of the table; of ``8/16GB`` the larger."""
    one = re.sub(r"\d+/(\d+ ?GB)$", r"\1", name)
    one = re.sub(r"^(Tesla V100) (PCIe|SXM2) ", lambda m: f"{m[1]}-{m[2].upper()}-", one)
    for bare in (
        one,
        re.sub(r" Ada$", " Ada Generation", one),
        re.sub(r" \(.*\)$| \d+GB$", "", one),
    ):
        yield from (bare, f"Google {bare}", f"Tesla {bare}", f"Radeon {bare}")


def part_of(row: dict[str, str], catalogue: Mapping[str, tuple[Part, ...]]) -> Part | None:
    """Return the part of a row, of several the one with its memory."""
    gigabytes = float(row["mem_gb"])
    for name in spellings(row["name"]):
        found = catalogue.get(key(name), ())
        fits = [p for p in found if p.memory and abs(p.memory / 2**30 / gigabytes - 1) < 0.05]
        if found:
            return (fits or found)[0]
    return None


def figures(part: Part) -> dict[str, float | None]:
    """The part's figures in the table's columns and units, of the whole board."""
    tera = {column: part.peaks.get(name, 0.0) / 1e12 or None for column, name in _TERA.items()}
    whole = {
        "mem_gb": (part.memory or 0) / 2**30,
        "mem_bw_gbs": (part.bandwidth or 0) / 1e9,
        "tdp_w": part.power,
        **tera,
    }
    one = {
        "pcie": part.pcie,
        "link_gbs": (part.link or 0) / 1e9,
        "units": part.units,
        "boost_mhz": (part.boost or 0) / 1e6,
        "msrp_usd": part.price,
    }
    return {column: value and value * part.dies for column, value in whole.items()} | one


def differences(row: dict[str, str], part: Part) -> list[str]:
    """Figures of the row that the part has otherwise."""
    found = []
    for column, ours in figures(part).items():
        theirs = float(row[column]) if re.fullmatch(r"[\d.]+", row[column]) else 0.0
        apart = abs((ours or 0.0) - theirs)
        if theirs and apart > max(_ABSOLUTE, _RELATIVE * theirs):
            found.append(f"{row['name']}: {column} {ours} here, {theirs:g} there")
    if row["launch"] and row["launch"] != part.launch:
        found.append(f"{row['name']}: launch {part.launch} here, {row['launch']} there")
    return found


def compare(table: Path) -> tuple[list[str], list[str]]:
    """Return what differs, and the names that the catalogue lacks."""
    catalogue = index(book.parts(()))
    found: list[str] = []
    missing: list[str] = []
    for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
        part = part_of(row, catalogue)
        if part is None:
            missing.append(row["name"])
        else:
            found += differences(row, part)
    return found, missing


if __name__ == "__main__":
    differing, lacking = compare(Path(sys.argv[1]))
    print(*differing, *(f"{name}: not in the catalogue" for name in lacking), sep="\n")
