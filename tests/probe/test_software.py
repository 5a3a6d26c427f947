"""Versions are read from files; torch is found where this Python would find it, not imported."""

import pytest

from advisor.machine import Software
from advisor.probe.software import look
from tests.forest import grow

FACTS = {"python": "3.12.1", "path": ["/first", "/site"]}
VERSION = """__version__ = '2.13.0+cu126'
debug = False
cuda: Optional[str] = '12.6'
hip: Optional[str] = None
"""
HIP = "__version__ = '2.4.0+rocm6.1'\ncuda = None\nhip = '6.1.40091-a8dbc0c19'\n"


@pytest.mark.parametrize(
    ("text", "torch", "cuda", "hip"),
    [
        (VERSION, "2.13.0+cu126", "12.6", None),
        (HIP, "2.4.0+rocm6.1", None, "6.1.40091-a8dbc0c19"),
        ("rubbish", None, None, None),
    ],
)
def test_torch(text, torch, cuda, hip):
    files = {"/site/torch/version.py": text}
    seen = look(grow(files, facts=FACTS, kind="live"), ()).software
    assert (seen.torch, seen.torch_cuda, seen.torch_hip) == (torch, cuda, hip)
    assert seen.python == "3.12.1"


@pytest.mark.parametrize("spaced", [True, False])
def test_a_space_in_the_path_of_torch_is_told(spaced):
    files = {"/site/torch/version.py": VERSION}
    tree = grow(files, facts=FACTS | {"torch_spaced": spaced}, kind="live")
    assert look(tree, ()).software.torch_spaced is spaced


def test_without_torch_its_path_is_not_known():
    assert look(grow(facts=FACTS, kind="live"), ()).software.torch_spaced is None


def test_system():
    files = {
        "/etc/os-release": 'NAME=x\nPRETTY_NAME="Debian 12"\n',
        "/proc/version": "Linux version 6.1.0 (x)",
    }
    seen = look(grow(files), ())
    assert seen.software == Software(os="Debian 12", kernel="6.1.0")
    unknown = {"software.container", "software.python", "software.torch"}
    assert {gap.what for gap in seen.gaps} == unknown


def test_where_python_looks_and_torch_is_not_it_is_known_to_be_missing():
    seen = look(grow(facts=FACTS, kind="live"), ())
    assert seen.software.torch is None
    assert "software.torch" not in {gap.what for gap in seen.gaps}


@pytest.mark.parametrize(
    ("compiler", "headers", "told", "gaps"),
    [
        ("g++", True, ("g++", True), set()),
        ("", False, (None, False), set()),
        (None, None, (None, None), {"software.compiler", "software.python_headers"}),
    ],
)
def test_what_compiles_is_there_missing_or_unknown(compiler, headers, told, gaps):
    facts = FACTS | {"compiler": compiler, "headers": headers}
    facts = {name: value for name, value in facts.items() if value is not None}
    seen = look(grow({"/site/torch/version.py": VERSION}, facts=facts, kind="live"), ())
    assert (seen.software.compiler, seen.software.python_headers) == told
    found = {gap.what for gap in seen.gaps}
    assert found & {"software.compiler", "software.python_headers"} == gaps
