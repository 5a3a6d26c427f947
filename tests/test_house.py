"""The walls of the house: sizes, same-named tests, plug-ins complete, examples, sources."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(p for p in (ROOT / "advisor").rglob("*.py") if p.name != "__main__.py")
FILE_LINES = 300
FUNCTION_LINES = 40
# Nouns and package doors that only declare; whatever they say is tested where it is used.
DECLARATIONS = {"__init__.py"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_file_is_read_in_one_sitting(path):
    assert len(path.read_text().splitlines()) <= FILE_LINES


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_function_fits_a_screen(path):
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def logic(path: Path) -> bool:
    """Whether a module holds a function, and so something to test."""
    tree = ast.parse(path.read_text())
    return any(isinstance(node, ast.FunctionDef) for node in ast.walk(tree))


@pytest.mark.parametrize(
    "path", [p for p in MODULES if p.name not in DECLARATIONS and logic(p)], ids=name
)
def test_every_module_has_a_test_of_its_name(path):
    folder = ROOT / "tests" / path.relative_to(ROOT / "advisor").parent
    assert (folder / f"test_{path.stem}.py").is_file()


TESTS = sorted(
    p
    for p in (ROOT / "tests").rglob("test_*.py")
    if p.name
    not in {
        "test_advice.py",
        "test_golden.py",
        "test_house.py",
        "test_policies.py",
        "test_recipes.py",
        "test_windows.py",
    }
)


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_every_test_file_is_named_after_a_module(path):
    folder = ROOT / "advisor" / path.relative_to(ROOT / "tests").parent
    stem = path.stem.removeprefix("test_")
    assert (folder / f"{stem}.py").is_file() or (folder / stem).is_dir()
