"""What `recommend` says of ten machines, word for word; the machines are written from facts."""

import pytest

from advisor.pipeline.saved import read_profile
from tests.tools.golden_machines import MACHINES, SIMULATED
from tests.tools.write_golden import FOLDER, said, saved

ANEW = "if this is meant: python tests/tools/write_golden.py, then read what changed"
OUTPUTS = [(name, workload) for name, (_, both) in MACHINES.items() for workload in both]


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_is_as_its_facts_say(name):
    path = FOLDER / f"{name}.json"
    built = MACHINES[name][0]()
    assert path.read_bytes() == saved(built), ANEW
    assert read_profile(path) == built
    assert {m.conditions["simulated"] for m in built.measurements} == {SIMULATED}


@pytest.mark.parametrize(("name", "workload"), OUTPUTS)
def test_an_answer_is_as_it_was_read(name, workload):
    text = said(name, workload)
    assert text == (FOLDER / f"{name}.{workload}.txt").read_text(), ANEW
    assert max(map(len, text.splitlines())) <= 80
    assert len(text.splitlines()) <= 60
    assert "Simulated" in text


def test_nothing_is_left_over():
    outputs = {f"{name}.{workload}.txt" for name, workload in OUTPUTS}
    profiles = {f"{name}.json" for name in MACHINES}
    assert {p.name for p in FOLDER.iterdir()} == outputs | profiles | {"README.md"}
