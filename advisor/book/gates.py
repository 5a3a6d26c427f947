"""Reads all that `check` is given: policies by name, policy and rule files, folders of them."""

from collections.abc import Sequence
from pathlib import Path

from advisor.book import folders as places
from advisor.book.policy import one_policy, policy
from advisor.book.reader import load
from advisor.book.rule_file import rule
from advisor.book.rules import rules, top
from advisor.errors import AdvisorError, AdvisorErrors, Where
from advisor.fact import Vocabulary
from advisor.rule import Policy, Rule


def policies(
    names: Sequence[str], folders: Sequence[Path], vocabulary: Vocabulary
) -> tuple[Policy, ...]:
    """Read each policy once; raises AdvisorErrors with every mistake of what could not be read.

    A folder gives its policies, and one policy of the rules that stand alone in it.
    """
    found: list[Policy] = []
    for name in dict.fromkeys(names):
        if _is_folder(name, folders):
            found += _of_folder(Path(name), folders, vocabulary)
        else:
            found.append(policy(name, folders, vocabulary))
    for index, read in enumerate(found):
        if read.name in {earlier.name for earlier in found[:index]}:
            wrong = f"two of them are named {read.name[:60]!r}"
            raise AdvisorError("check by several policies", wrong, remedy="name each differently")
    return tuple(found)


def _is_folder(name: str, folders: Sequence[Path]) -> bool:
    """Whether a folder is meant; the bare name of a known policy means the policy."""
    path = Path(name)
    bare = len(path.parts) == 1 and "/" not in name
    return path.is_dir() and not (bare and name in places.known("policy", folders))


def _of_folder(folder: Path, folders: Sequence[Path], vocabulary: Vocabulary) -> list[Policy]:
    known = {read.id: read for read in rules(folders, vocabulary)}
    problems: list[AdvisorError] = []
    found: list[Policy] = []
    alone: dict[str, Rule] = {}
    for path in places.check_files(folder):
        read = _one_file(path, known, vocabulary, problems)
        if isinstance(read, Policy):
            found.append(read)
        elif read and read.id in alone:
            wrong = f"the id {read.id!r} stands already at {alone[read.id].where}"
            problems.append(AdvisorError("read a rule", wrong, where=read.where))
        elif read:
            alone[read.id] = read
    if problems:
        raise AdvisorErrors(f"read policies of {folder}", problems)
    if alone:
        found.append(Policy(folder.resolve().name, tuple(alone.values())))
    if not found:
        wrong = "the folder holds neither a policy nor a rule"
        raise AdvisorError("check the machine", wrong, where=Where(str(folder)))
    return found


def _one_file(
    path: Path, known: dict[str, Rule], vocabulary: Vocabulary, problems: list[AdvisorError]
) -> Policy | Rule | None:
    try:
        document = load(path)
        mapping = top(document, "policy")
    except AdvisorError as error:
        problems.append(error)
        return None
    if "policy" in mapping.entries:
        return one_policy(document, mapping, known, vocabulary, problems)
    return rule(document, mapping, vocabulary, problems)
