"""Labels keep to what Kubernetes and Node Feature Discovery allow."""

import re

from hypothesis import given

from advisor.render import Style
from advisor.render.nfd import MOST_BYTES, render
from tests.small_facts import FEW, fact_line, fact_report, hostile_facts, known

# Kubernetes: a qualified name's last part, and a label's value.
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"


def test_known_facts_are_labels():
    assert render(FEW, Style()).splitlines() == [
        "mlinfra.cpu.cores=4",
        "mlinfra.cpu.model=Intel_s_Xeon_2.6_GHz",
        "mlinfra.cpu.isa.avx2=true",
        "mlinfra.gpu-0.memory=10000000000",
        "mlinfra.gpu-0.utilization=0",
    ]


@given(told=hostile_facts())
def test_every_label_is_allowed(told):
    for line in filter(None, render(told, Style()).split("\n")):
        assert re.fullmatch(rf"{LABEL}=(?:{LABEL}|-?\d+)", line)


def test_a_file_is_never_larger_than_is_read():
    many = (fact_line(f"cpu.{n}", machine=known("x" * 80)) for n in range(2000))
    text = render(fact_report(*many), Style())
    assert MOST_BYTES - 200 < len(text) <= MOST_BYTES
    assert text.endswith("x" * 63)
