"""Constraints are read off their flags; what is no constraint is told in one line."""

import pytest

from advisor.cli import asking
from advisor.constraint import Constraints, Link
from advisor.errors import AdvisorError


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({}, {}),
        ({"latency": "50ms"}, {"latency": 0.05}),
        ({"streams": "10000"}, {"streams": 1e4}),
        ({"streams": "16,30/s"}, {"streams": 16.0, "stream_rate": 30.0}),
        ({"link": "20Mbps,40ms"}, {"link": Link(2e7, 0.04)}),
        ({"link": "1 Gb/s"}, {"link": Link(1e9)}),
        ({"link": "20Mbps,40ms,drops"}, {"link": Link(2e7, 0.04, may_drop=True)}),
        ({"link": "20Mbps,steady"}, {"link": Link(2e7, may_drop=False)}),
        ({"data_at": "cloud"}, {"data_at": "cloud"}),
        ({"power": "15W"}, {"power": 15.0}),
        ({"patience": "2d"}, {"patience": 172800.0}),
        ({"dataset_size": "138GB"}, {"dataset_bytes": 138e9}),
        ({"dataset_size": "1281167"}, {"samples": 1281167.0}),
        ({"precision": "BF16"}, {"precision": "bf16"}),
        ({"compile": False}, {"compile": False}),
        ({"compile": True, "precision": "int4"}, {"compile": True, "precision": "int4"}),
        ({"offline": True, "batch": 4, "context": 8}, {"offline": True, "batch": 4, "context": 8}),
    ],
)  # fmt: skip
def test_flags(flags, expected):
    read = asking.constraints(**flags)
    assert {name: getattr(read, name) for name in expected} == expected
    assert set(read.stated) == {name.replace("_", "-") for name in flags}


def test_defaults_are_not_stated():
    assert asking.constraints(goal="throughput", data_at="device", batch=None) == Constraints()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"latency": "fast"}, "--latency fast"), ({"latency": "50 GB"}, "it is no time above zero"),
        ({"latency": "-1s"}, "above zero"), ({"streams": "many"}, "--streams"),
        ({"link": "20MB"}, "it is no rate"), ({"link": "20Mbps,1ms,2ms"}, "too many parts"),
        ({"data_at": "moon"}, "use device, lan or cloud"), ({"power": "15 V"}, "15 V"),
        ({"model_changes": "often"}, "weekly"), ({"dataset_size": "3 s"}, "neither bytes"),
        ({"precision": "fp12"}, "fp32"), ({"goal": "fun"}, "there is no such goal"),
    ],
)  # fmt: skip
def test_what_is_no_constraint(flags, said):
    with pytest.raises(AdvisorError) as caught:
        asking.constraints(**flags)
    assert said in f"{caught.value} {caught.value.remedy}"
