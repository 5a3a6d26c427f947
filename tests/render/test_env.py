"""A shell reads back every value, and no line of foreign text runs."""

import re
import shlex

from hypothesis import given

from advisor.render import Style
from advisor.render.env import render
from tests.small_facts import FEW, hostile_facts


def test_known_facts_are_variables_and_unknown_ones_comments():
    assert render(FEW, Style()).splitlines() == [
        "MLINFRA_CPU_CORES=4",
        "MLINFRA_CPU_MODEL='Intel'\"'\"'s Xeon @ 2.6 GHz'",
        "MLINFRA_CPU_ISA_AVX2=true",
        "# MLINFRA_CPU_GOVERNOR is unknown: no cpufreq directory",
        "MLINFRA_GPU_0_MEMORY=10000000000",
        "# MLINFRA_GPU_1_MEMORY is unknown: no cpufreq directory",
        "MLINFRA_GPU_0_UTILIZATION=0.25",
    ]


@given(told=hostile_facts())
def test_each_line_is_one_assignment_or_a_comment(told):
    for line in render(told, Style()).split("\n"):
        assert not line or line.startswith("# ") or re.match(r"[A-Z][A-Z0-9_]*=", line)
        assert line.startswith("#") or len(shlex.split(line)) == bool(line)
