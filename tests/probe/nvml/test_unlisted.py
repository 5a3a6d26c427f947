"""A card that NVML does not list has a reason, and a captured tree is not asked for more."""

import pytest

from advisor.probe import pci
from advisor.probe.nvml.told import Answers
from advisor.probe.nvml.unlisted import device, explain, quiet, trouble
from tests.tools.tree import source

COUNT = {"-": {"nvmlDeviceGetCount": 1}}


def failed(call, code):
    return Answers(ended="done", errors={"-": {call: code}})


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        (None, "could not be asked"),
        (Answers(ended="none"), "could not be asked"),
        (failed("import pynvml", 999), "nvidia-ml-py"),
        (failed("nvmlInit", 18), "different versions"),
        (Answers(ended="silent", waiting={"-": "nvmlInit"}), "did not answer nvmlInit"),
        (Answers(ended="died"), "ended early"),
        (Answers(ended="done", values=COUNT), None),
    ],
)
def test_trouble(answers, word):
    found = trouble(answers)
    assert (found is None) if word is None else (word in found.why)


@pytest.mark.parametrize(
    ("driver", "listed", "state"),
    [("nvidia", False, None), (None, True, None), (None, False, "unknown"),
     ("vfio-pci", False, "hidden"), ("nouveau", False, "broken")],
)  # fmt: skip
def test_a_captured_card(driver, listed, state):
    card = pci.Function("0000:01:00.0", 0x0300, 0x10DE, 0x27B8, driver)
    found = explain(source({}), card, None, listed=listed)
    assert (found.state if found else None) == state
    assert device(card, None, found).pci_id == "10de:27b8"


@pytest.mark.parametrize(("code", "wanted"), [(9, True), (12, True), (18, False)])
def test_quiet(code, wanted):
    assert quiet(failed("nvmlInit", code)) == wanted
