"""Workloads that a case names are read by whoever can."""

import pytest

from advisor.errors import AdvisorError
from advisor.pipeline.graphs import workload_of


def test_a_shipped_workload():
    assert workload_of({"name": "cnn"}, ()).graph is not None


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "none of the known forms"),
        ({"name": "nothing-like-it"}, "nothing-like-it"),
    ],
)
def test_what_cannot_be_read(form, message):
    with pytest.raises(AdvisorError, match=message):
        workload_of(form, ())


@pytest.mark.torch
@pytest.mark.parametrize(
    ("name", "message"),
    [("nocolon", "not of the form"), ("no_such_module_here:make", "no_such_module_here")],
)
def test_a_factory_that_is_not_there(name, message):
    pytest.importorskip("torch", reason="torch is not installed")
    with pytest.raises(AdvisorError, match=message):
        workload_of({"model": name}, ())
