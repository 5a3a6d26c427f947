"""Where rules come from besides the shipped ones, and how their files are named in reports."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from advisor import book
from advisor.rule import Rule


def layered(named: Sequence[Path]) -> tuple[Path, ...]:
    """Return the folders in order of precedence: ``~/.config/mlinfra/rules``, then each named."""
    own = own_folder()
    return (*([own] if own.is_dir() else []), *named)


def own_folder() -> Path:
    """Return the folder for a user's own rules, there or not (XDG base directories)."""
    base = os.environ.get("XDG_CONFIG_HOME")
    # Path.home() raises where there is no home; the text then stays as it is, and is no folder.
    return (Path(base) if base else Path(os.path.expanduser("~/.config"))) / "mlinfra" / "rules"  # noqa: PTH111


def place(file: str) -> str:
    """Name a shipped file the same wherever the tool is installed."""
    path, shipped = Path(file), book.shipped()
    return f"rules/{path.relative_to(shipped)}" if path.is_relative_to(shipped) else file


def tell_replaced(rules: Iterable[Rule], say: Callable[[str], None]) -> None:
    """Say which rules stand in the place of others of their id."""
    for rule in rules:
        if rule.replaces:
            old, new = place(rule.replaces.file), place(rule.where.file)
            say(f"the rule {rule.id} of {new} takes the place of {old}")
