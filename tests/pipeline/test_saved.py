"""A saved profile is read whole, or refused in one line that names it."""

import os

import msgspec
import pytest

from advisor.errors import AdvisorError
from advisor.machine import Memory
from advisor.pipeline.look import Look, probe
from advisor.pipeline.saved import is_moment, read_profile
from tests.fakes import GPU, MEASURED, PROFILE, machine, profile


def test_a_saved_profile_is_read_back(tmp_path):
    path = tmp_path / "p.json"
    path.write_bytes(msgspec.json.encode(PROFILE))
    assert read_profile(path) == PROFILE
    assert probe(Look(profile=path)) == PROFILE


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "truncated"),
        (b"{}", "missing required field"),
        (b"\xff\xfe", "malformed"),
        (msgspec.json.encode(PROFILE).replace(b"300000000000.0", b"-3e11"), "no positive figure"),
        (msgspec.json.encode(PROFILE).replace(b"300000000000.0", b"1e999"), "out of range"),
        (
            msgspec.json.encode(msgspec.structs.replace(PROFILE, schema="x/2")),
            "its schema is 'x/2'",
        ),
    ],
)
def test_a_file_that_is_no_profile_is_refused(tmp_path, content, said):
    path = tmp_path / "p.json"
    path.write_bytes(content)
    with pytest.raises(AdvisorError, match=said) as caught:
        read_profile(path)
    assert str(path) in str(caught.value)


def test_a_missing_profile_is_refused(tmp_path):
    with pytest.raises(AdvisorError, match="No such file"):
        read_profile(tmp_path / "none.json")


def written(tmp_path, looked_at):
    path = tmp_path / "p.json"
    path.write_bytes(msgspec.json.encode(looked_at))
    return path


@pytest.mark.parametrize(
    ("looked_at", "said"),
    [
        (profile(schema="x/2"), "its schema is 'x/2'"),
        (profile(taken="yesterday"), "no time with a zone"),
        (profile(taken="2026-01-01"), "no time with a zone"),
        (
            profile(measurements=(msgspec.structs.replace(MEASURED[0], unit="bananas"),)),
            "'bananas' is no unit",
        ),
        (
            profile(measurements=(msgspec.structs.replace(MEASURED[0], taken="now"),)),
            "no time with a zone",
        ),
        (profile(machine=machine(memory=Memory(total_bytes=-7))), "memory.total_bytes is -7"),
        (profile(machine=machine(memory=Memory(total_bytes=10**20))), "memory.total_bytes is 1"),
        (profile(machine=machine(devices=(GPU, GPU))), "two devices have one id"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, looked_at, said):
    with pytest.raises(AdvisorError, match=said):
        read_profile(written(tmp_path, looked_at))


def test_depth_is_bounded(tmp_path):
    path = tmp_path / "p.json"
    path.write_text('{"deep": ' + "[" * 50_000 + "]" * 50_000 + "}")
    with pytest.raises(AdvisorError):
        read_profile(path)


def test_what_is_no_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in ("/dev/zero", tmp_path / "pipe"):
        with pytest.raises(AdvisorError, match="no regular file"):
            read_profile(type(tmp_path)(path))


def test_size_is_bounded(tmp_path):
    path = tmp_path / "p.json"
    with path.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(AdvisorError, match="larger than"):
        read_profile(path)


@pytest.mark.parametrize(
    ("text", "moment"),
    [("2026-01-01T00:00:00Z", True), ("2026-01-01T00:00:00+01:00", True), ("2026-01-01", False)],
)
def test_a_moment_has_its_zone(text, moment):
    assert is_moment(text) is moment
