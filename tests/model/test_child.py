"""What is not ours is read in a process that cannot take this one with it."""

import pytest

from advisor.errors import AdvisorError
from advisor.model import child

pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

MODULE = """
import sys, time, torch
print("noise")

def good():
    print("more noise")
    return torch.nn.Linear(8, 4), torch.zeros(2, 8)

def leaves():
    import os
    os._exit(3)

def sleeps():
    time.sleep(60)

def branches():
    class Net(torch.nn.Linear):
        def forward(self, x):
            return super().forward(x) if x.sum() > 0 else x
    return Net(8, 8), (torch.zeros(2, 8),)
"""


@pytest.fixture(autouse=True)
def module(tmp_path, monkeypatch):
    (tmp_path / "users_own.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)


def test_a_module_of_the_working_folder_whatever_it_prints():
    found = child.traced("users_own:good")
    assert (found.network, found.graph.parameters) == ("Linear", 36)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("users_own:leaves", "exit code 3"),
        ("users_own:branches", "depends on values cannot be followed"),
        ("users_own", "not of the form package.module:factory"),
        ("no_such_module_here:make", "no_such_module_here"),
        ("users_own:nothing", "no function nothing"),
    ],
)
def test_what_goes_wrong_there_is_one_line_here(name, message):
    with pytest.raises(AdvisorError, match=message) as raised:
        child.traced(name)
    assert "\n" not in str(raised.value)


def test_what_takes_too_long_is_abandoned():
    with pytest.raises(AdvisorError, match=r"not done within 0\.5 s"):
        child.traced("users_own:sleeps", seconds=0.5)
