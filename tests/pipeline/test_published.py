"""Each GPU finds its part in the catalogue, or none; and nothing is read where no rule asks."""

import msgspec
import pytest

from advisor import book
from advisor.part import index
from advisor.pipeline.published import part_of, parts_for, parts_of
from advisor.vocabulary import declared
from tests.fakes import BROKEN, GPU, MACHINE, machine

REPLACE = msgspec.structs.replace


@pytest.mark.parametrize(
    ("device", "found"),
    [
        (GPU, {"gpu:0": "NVIDIA L4"}),
        (REPLACE(GPU, name="NVIDIA L4000"), {}),
        (REPLACE(GPU, name=None), {}),
        (REPLACE(GPU, id="gpu:0/mig:1"), {}),
        (BROKEN, {}),
    ],
)
def test_whose_part(device, found):
    told = parts_of(machine(devices=(device,)), ())
    assert {name: part.name for name, part in told.items()} == found


@pytest.mark.parametrize(
    ("demand", "read"),
    [("gpu.copy_share >= 60 %", True), ("gpu.memory >= 1 GiB", False)],
)
def test_read_only_where_asked(demand, read):
    (policy,) = book.demands([demand], declared())
    assert (parts_for(policy.rules, MACHINE, ()) is not None) == read


def test_a_device_that_is_no_part():
    catalogue = index(book.parts(()))
    assert part_of(MACHINE, "gpu:9", catalogue) is None
