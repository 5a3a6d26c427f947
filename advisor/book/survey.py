"""Reads whatever lies at a path, each file as its folder says, and gathers every mistake."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from advisor.book import folders as places
from advisor.book.convert import convert
from advisor.book.policy import one_policy_file
from advisor.book.reader import load
from advisor.book.rules import one_file, top
from advisor.book.soundness import check
from advisor.compatibility import Compatibility
from advisor.constants import ConstantSet
from advisor.errors import AdvisorError, Where
from advisor.fact import Vocabulary
from advisor.part import Shelf
from advisor.rule import Rule
from advisor.workload import Workload

_NOUNS: dict[str, type[msgspec.Struct]] = {
    "workloads": Workload,
    "parts": Shelf,
    "constants": ConstantSet,
    "compatibility": Compatibility,
}


class Survey(msgspec.Struct, frozen=True):
    """The rules that could be read, the mistakes in all files, and how many files there were."""

    rules: tuple[Rule, ...]
    problems: tuple[AdvisorError, ...]
    files: int


def survey(paths: Sequence[Path], known: Sequence[Rule], vocabulary: Vocabulary) -> Survey:
    """Read files and folders; policies may name the known rules besides those found.

    Raises AdvisorError only where a path leads nowhere.
    """
    found = [(path, kind) for given in paths for path, kind in _listed(given)]
    rules: dict[str, Rule] = {}
    problems: list[AdvisorError] = []
    for path, kind in sorted(found, key=lambda pair: pair[1] == "policy"):
        try:
            _read(path, kind, rules, known, vocabulary)
        except AdvisorError as error:
            problems += error.problems
    return Survey(tuple(rules.values()), tuple(problems), len(found))


def _listed(given: Path) -> list[tuple[Path, str]]:
    if given.is_dir():
        return [(path, _kind(path, given)) for path in places.files(given)]
    if not given.exists():
        raise AdvisorError("read rules", "there is no such file or folder", where=Where(str(given)))
    return [(given, _kind(given, given.parent))]


def _kind(path: Path, given: Path) -> str:
    """Tell by the nearest folder with a kind's name; the folder given counts too."""
    folders = [given.resolve().name, *path.relative_to(given).parts[:-1]]
    return next((name for name in reversed(folders) if name in places.OTHERS), "rule")


def _read(
    path: Path, kind: str, rules: dict[str, Rule], known: Sequence[Rule], vocabulary: Vocabulary
) -> None:
    if kind == "rule":
        read = one_file(path, vocabulary)
        if read.id in rules:
            wrong = f"the id {read.id!r} stands already at {rules[read.id].where}"
            raise AdvisorError("read a rule", wrong, where=read.where)
        rules[read.id] = read
    elif kind == "policy":
        by_id = {rule.id: rule for rule in known} | rules
        policy = one_policy_file(path, by_id, vocabulary)
        rules |= {r.id: r for r in policy.rules if r.where.file == str(path)}
    else:
        document = load(path)
        node = top(document, kind.removesuffix("s"))
        found = convert(document, node, _NOUNS[kind])
        if isinstance(found, Workload):
            check(document, node, found)
