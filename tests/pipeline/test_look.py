"""Stored numbers return to their devices; saved profiles are read, or refused in one line."""

import msgspec
import pytest

from advisor.errors import AdvisorError
from advisor.machine import Device
from advisor.pipeline.look import Look, attached, probe, read_profile
from tests.fakes import GPU, MEASURED, PROFILE, machine


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


def test_numbers_follow_the_uuid_not_the_index():
    swapped = (Device(id="gpu:0", uuid="GPU-new"), msgspec.structs.replace(GPU, id="gpu:1"))
    found, gaps = attached(MEASURED, machine(devices=swapped))
    assert {m.device for m in found} == {"cpu", "gpu:1"}
    assert gaps == ()


def test_numbers_of_a_device_that_left_are_a_gap():
    found, gaps = attached(MEASURED, machine(devices=()))
    assert {m.device for m in found} == {"cpu"}
    assert [gap.what for gap in gaps] == ["measurements.gpu:0"]
