"""Profiles and captures are compared alike."""

import msgspec
import pytest

from advisor.difference import Side
from advisor.errors import AdvisorError
from advisor.pipeline.diff import diff
from advisor.pipeline.look import Look, probe
from tests.fakes import PROFILE


def test_profiles(tmp_path):
    cpu = msgspec.structs.replace(PROFILE.machine.cpu, cores=99)
    machine = msgspec.structs.replace(PROFILE.machine, cpu=cpu)
    for name, profile in (("a", PROFILE), ("b", msgspec.structs.replace(PROFILE, machine=machine))):
        (tmp_path / name).write_bytes(msgspec.json.encode(profile))
    (change,) = diff(tmp_path / "a", tmp_path / "b").changes
    assert (change.what, change.side, change.after) == ("cpu.cores", Side.HARDWARE, 99)


def test_a_capture_and_the_profile_of_the_same_look(tmp_path, monkeypatch):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path / "state"))
    profile = probe(Look(capture=tmp_path / "capture"))
    (tmp_path / "profile").write_bytes(msgspec.json.encode(profile))
    changes = diff(tmp_path / "profile", tmp_path / "capture").changes
    # Paths are redacted in a capture; nothing else differs.
    names = {c.what for c in changes if c.side is not Side.SPEED}
    assert {name for name in names if not name.endswith(".path")} == set()


def test_neither(tmp_path):
    with pytest.raises(AdvisorError):
        diff(tmp_path / "none", tmp_path / "none")
