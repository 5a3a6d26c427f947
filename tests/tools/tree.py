"""Machines written as dictionaries of files, and captures of real ones where at hand."""

import os
import tarfile
from pathlib import Path

import pytest

from advisor.probe.source import Source, Unread

HERE = Path(__file__).parent.parent.parent


class Files:
    """A door to files held in a dictionary; a folder is what stands before a slash."""

    linux = True

    def __init__(self, files, facts=None, links=None, programs=None, kind="tree"):
        self.files = {k: v.encode() if isinstance(v, str) else v for k, v in files.items()}
        self.facts = facts or {}
        self.links = links or {}
        self.programs = programs or {}
        self.kind = kind

    def _real(self, path):
        for link, target in self.links.items():
            if path == link or path.startswith(link + "/"):
                return self._real(target + path[len(link) :])
        return path

    def read(self, path):
        return self.files.get(self._real(path), Unread("no such file"))

    def names(self, path):
        start = self._real(path) + "/"
        names = {p[len(start) :].split("/")[0] for p in self.files if p.startswith(start)}
        names |= {p[len(start) :].split("/")[0] for p in self.links if p.startswith(start)}
        return tuple(sorted(names)) or Unread("no such folder")

    def link(self, path):
        real = self._real(path)
        there = real in self.files or any(p.startswith(real + "/") for p in self.files)
        return real if there else Unread("no such file")

    def run(self, command):
        return self.programs.get(command, Unread("no such program here"))

    def process(self, name):
        return self.facts.get(name, Unread("not known"))


def source(files, **more) -> Source:
    """Return a source of such files."""
    return Source(Files(files, **more))


def card(address, ids, kind="0x030000", driver="", *, at="/sys/bus/pci/devices", **files):
    """Return the files of one PCI function; further files by name."""
    vendor, device = ids.split(":")
    place = f"{at}/{address}"
    found = {
        f"{place}/class": f"{kind}\n",
        f"{place}/vendor": f"0x{vendor}\n",
        f"{place}/device": f"0x{device}\n",
    }
    if driver:
        found[f"{place}/uevent"] = f"DRIVER={driver}\n"
    return found | {f"{place}/{name}": text for name, text in files.items()}


def data() -> Path:
    """Return the folder of captured machines; skip where it is not at hand."""
    place = Path(os.environ.get("MLINFRA_DATA") or HERE.parent / "shared" / "data") / "machines"
    if not place.is_dir():
        pytest.skip("no captured machines here (MLINFRA_DATA, or shared/data beside the checkout)")
    return place


def need_safe_tar() -> None:
    """Skip where tarfile cannot keep a captured archive inside its folder."""
    if not hasattr(tarfile, "data_filter"):
        pytest.skip("unpacking captures safely needs tarfile's filters (Python 3.11.4 or newer)")


def unpacked(archive: str, to: Path) -> Path:
    """Unpack a captured tree and return its root, the folder that holds proc or sys."""
    need_safe_tar()
    with tarfile.open(data() / archive) as tar:
        for member in tar.getmembers():
            try:
                tar.extract(member, to, filter="data")
            except tarfile.FilterError:  # a link that leads out of the tree
                continue
    return next(p.parent for p in sorted(to.rglob("*")) if p.name in {"proc", "sys"} and p.is_dir())
