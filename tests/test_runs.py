"""Runs are kept whole, by host, and the oldest let go of."""

import msgspec
import pytest

from advisor import runs
from tests.fakes import PROFILE


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path))


def at(second: int):
    return msgspec.structs.replace(PROFILE, taken=f"2026-01-01T00:00:{second:02}Z")


def test_the_last_are_kept_in_order():
    for second in range(runs.MOST + 3):
        runs.keep("a", at(second))
    names = [path.stem for path in runs.kept("a")]
    assert len(names) == runs.MOST
    assert (names[0], names[-1]) == ("20260101T000003Z", "20260101T000022Z")


def test_another_host_has_its_own():
    runs.keep("a", at(0))
    assert (len(runs.kept("a")), len(runs.kept("b")), len(runs.kept(None))) == (1, 0, 0)
