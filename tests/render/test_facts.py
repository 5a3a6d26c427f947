"""Facts are told by subject, whole numbers whole, unknown ones with their reason."""

import pytest

from advisor.errors import AdvisorError
from advisor.render.facts import Told, told
from tests.fakes import PROFILE
from tests.small_facts import FEW


def test_facts_are_told():
    assert list(told(FEW, "env"))[:6] == [
        Told("machine", "cpu.cores", 4),
        Told("machine", "cpu.model", "Intel's Xeon @ 2.6 GHz"),
        Told("machine", "cpu.isa.avx2", True),
        Told("machine", "cpu.governor", None, "no cpufreq\ndirectory"),
        Told("machine", "software.torch", None),
        Told("gpu:0", "gpu.memory", 10_000_000_000),
    ]


def test_other_reports_hold_none():
    with pytest.raises(AdvisorError, match="print as nfd: only facts can be"):
        list(told(PROFILE, "nfd"))
