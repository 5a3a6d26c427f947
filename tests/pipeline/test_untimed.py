"""A machine is timed where predictions rest on nothing; the catalogue is asked where it must."""

import msgspec
import pytest

from advisor.pipeline.untimed import untimed, untold
from tests.fakes import BROKEN, GPU, MACHINE, PROFILE, machine, measured, profile


@pytest.mark.parametrize(
    ("names", "torch", "missing"),
    [
        ((), None, True),
        (("disk.read",), None, True),
        (("memory.copy",), None, False),
        (("memory.copy",), "2.13.0", True),
        (("memory.copy", "matmul.peak"), "2.13.0", False),
    ],
)
def test_a_machine_is_timed_where_predictions_have_nothing_to_rest_on(names, torch, missing):
    software = msgspec.structs.replace(MACHINE.software, torch=torch)
    timed = tuple(measured(name, "cpu", 1e9, "bytes/s") for name in names)
    assert untimed(profile(machine=machine(software=software), measurements=timed)) is missing


def test_the_catalogue_tells_of_gpus_that_were_not_timed_do_not_work_or_are_several():
    twin = msgspec.structs.replace(GPU, id="gpu:1")
    assert not untold(PROFILE)
    assert untold(profile(measurements=()))
    assert untold(profile(machine=machine(devices=(GPU, twin))))
    assert untold(profile(machine=machine(devices=(GPU, BROKEN))))
