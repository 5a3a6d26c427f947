"""The process that traces has limits, and answers in words."""

import resource

import pytest

from advisor.errors import AdvisorError
from advisor.model import tracing
from advisor.model.child import Errand


def test_limits(monkeypatch):
    kept = {}
    monkeypatch.setattr(resource, "setrlimit", lambda name, pair: kept.update({name: pair[0]}))
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, 5000))
    tracing.limit(Errand("factory", "a:b", 4000, 7.5))
    assert kept == {resource.RLIMIT_DATA: 4000, resource.RLIMIT_CPU: 8}


def test_a_limit_that_is_there_is_not_widened(monkeypatch):
    kept = {}
    monkeypatch.setattr(resource, "setrlimit", lambda name, pair: kept.update({name: pair[0]}))
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1, 3))
    tracing.limit(Errand("factory", "a:b", 4000, 7.5))
    assert set(kept.values()) == {3}


@pytest.mark.parametrize(
    ("raised", "wrong", "remedy"),
    [
        (AdvisorError("trace", "it is odd", remedy="mend it"), "it is odd", "mend it"),
        (MemoryError(), "more than 2.0 GiB", "more memory"),
    ],
)
def test_what_goes_wrong_is_told(monkeypatch, raised, wrong, remedy):
    def fails(_):
        raise raised

    monkeypatch.setattr(tracing, "traced", fails)
    found = tracing.answer(Errand("factory", "a:b", 2 * 2**30, 7.5))
    assert found.workload is None
    assert wrong in found.wrong
    assert remedy in found.remedy
