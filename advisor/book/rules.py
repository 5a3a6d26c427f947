"""Reads all rules of all folders; a later one takes the place of an earlier one by its id."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from advisor.book import folders as places
from advisor.book.problems import Enough, Problems
from advisor.book.reader import load
from advisor.book.rule_file import rule
from advisor.book.tree import Document, Mapping
from advisor.errors import AdvisorError, AdvisorErrors, Where
from advisor.fact import Vocabulary
from advisor.rule import Rule

# A rule is a page and a policy a few; more is refused before any condition is looked at.
BYTES = 256_000


def rules(folders: Sequence[Path], vocabulary: Vocabulary) -> tuple[Rule, ...]:
    """Read the shipped rules and those of the folders; raises AdvisorErrors with every mistake."""
    found: dict[str, Rule] = {}
    problems: list[AdvisorError] = []
    for folder in places.all_folders(folders):
        for later in one_folder(folder, vocabulary, problems).values():
            earlier = found.get(later.id)
            where = earlier.where if earlier else None
            found[later.id] = msgspec.structs.replace(later, replaces=where)
    if problems:
        raise AdvisorErrors("read rules", problems)
    return tuple(found.values())


def rule_files(folders: Sequence[Path]) -> tuple[Path, ...]:
    """Return every file that holds a rule, in order of precedence."""
    return tuple(p for folder in places.all_folders(folders) for p in places.rule_files(folder))


def one_folder(
    folder: Path, vocabulary: Vocabulary, problems: list[AdvisorError]
) -> dict[str, Rule]:
    """Read the rules of one folder, in which an id may stand once; mistakes join the problems."""
    found: dict[str, Rule] = {}
    for path in places.rule_files(folder):
        try:
            read = one_file(path, vocabulary)
        except AdvisorError as error:
            problems += error.problems
            continue
        if read.id in found:
            wrong = f"the id {read.id!r} stands already at {found[read.id].where}"
            problems.append(AdvisorError("read a rule", wrong, where=read.where))
        found[read.id] = read
    return found


def one_file(path: Path, vocabulary: Vocabulary) -> Rule:
    """Read a rule file, whose name must be the rule's id; raises AdvisorErrors."""
    document = load(path, BYTES)
    mapping = top(document, "rule")
    problems = Problems()
    read = None
    with suppress(Enough):
        read = rule(document, mapping, vocabulary, problems)
    if read and read.id != path.stem:
        remedy = f"name the file {read.id}.yaml"
        wrong = f"the file is named {path.name}, the rule {read.id!r}"
        node = mapping.entries["id"].value
        problems.note(document.error("read a rule", wrong, node, remedy=remedy))
    problems.settle("read a rule")
    return read  # type: ignore[return-value] # without a mistake there is a rule


def top(document: Document, what: str) -> Mapping:
    """Return the mapping that a file must be; raises AdvisorError if it is something else."""
    if isinstance(document.root, Mapping):
        return document.root
    if document.root is None:
        raise AdvisorError(f"read a {what}", "the file is empty", where=Where(document.file))
    raise document.error(f"read a {what}", "the file is not a mapping", document.root)
