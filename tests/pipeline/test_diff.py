"""Profiles and captures are compared alike."""

import msgspec
import pytest

from advisor import runs
from advisor.difference import Side
from advisor.errors import AdvisorError
from advisor.pipeline.diff import diff
from advisor.pipeline.look import Look, host, probe
from tests.fakes import PROFILE


def test_profiles(tmp_path):
    cpu = msgspec.structs.replace(PROFILE.machine.cpu, cores=99)
    machine = msgspec.structs.replace(PROFILE.machine, cpu=cpu)
    for name, profile in (("a", PROFILE), ("b", msgspec.structs.replace(PROFILE, machine=machine))):
        (tmp_path / name).write_bytes(msgspec.json.encode(profile))
    (change,) = diff(tmp_path / "a", tmp_path / "b", Look()).changes
    assert (change.what, change.side, change.after) == ("cpu.cores", Side.HARDWARE, 99)


def test_a_capture_and_the_profile_of_the_same_look(tmp_path, monkeypatch):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path / "state"))
    profile = probe(Look(capture=tmp_path / "capture"))
    (tmp_path / "profile").write_bytes(msgspec.json.encode(profile))
    changes = diff(tmp_path / "profile", tmp_path / "capture", Look()).changes
    # Paths are redacted in a capture; nothing else differs.
    names = {c.what for c in changes if c.side is not Side.SPEED}
    assert {name for name in names if not name.endswith(".path")} == set()


def test_neither(tmp_path):
    with pytest.raises(AdvisorError):
        diff(tmp_path / "none", tmp_path / "none", Look())


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path / "state"))


@pytest.mark.usefixtures("state")
def test_the_last_two_runs():
    for day, cores in (("01", 4), ("02", 8), ("03", 16)):
        cpu = msgspec.structs.replace(PROFILE.machine.cpu, cores=cores)
        machine = msgspec.structs.replace(PROFILE.machine, cpu=cpu)
        taken = f"2026-01-{day}T00:00:00Z"
        runs.keep(host(), msgspec.structs.replace(PROFILE, machine=machine, taken=taken))
    report = diff(None, None, Look())
    (change,) = report.changes
    assert (change.before, change.after, report.before) == (8, 16, "2026-01-02T00:00:00Z")


@pytest.mark.usefixtures("state")
def test_one_run_is_not_two():
    runs.keep(host(), PROFILE)
    with pytest.raises(AdvisorError, match="1 of the two timed runs"):
        diff(None, None, Look())


@pytest.mark.usefixtures("state")
def test_a_profile_and_now(tmp_path):
    (tmp_path / "now").write_bytes(msgspec.json.encode(probe(Look())))
    sides = {c.side for c in diff(tmp_path / "now", None, Look()).changes}
    assert sides <= {Side.STATE}
