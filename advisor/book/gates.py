"""Reads all that `check` is given: policies by name, policy and rule files, folders of them."""

from collections.abc import Sequence
from pathlib import Path

from advisor.book import folders as places
from advisor.book.policy import policy
from advisor.errors import AdvisorError, AdvisorErrors, Where
from advisor.fact import Vocabulary
from advisor.rule import Policy


def policies(
    names: Sequence[str], folders: Sequence[Path], vocabulary: Vocabulary
) -> tuple[Policy, ...]:
    """Read each policy once; a folder gives one for each policy and rule file in it.

    Raises:
        AdvisorError: one cannot be read, a folder holds none, or two have one name.
    """
    files = [file for name in dict.fromkeys(names) for file in _files(name, folders)]
    found: dict[str, Policy] = {}
    problems: list[AdvisorError] = []
    for file in dict.fromkeys(files):
        try:
            read = policy(file, folders, vocabulary)
        except AdvisorErrors as errors:
            problems += errors.problems
        except AdvisorError as error:
            problems.append(error)
        else:
            if read.name in found:
                raise _twice(read)
            found[read.name] = read
    if problems:
        raise problems[0] if len(problems) == 1 else AdvisorErrors("read policies", problems)
    return tuple(found.values())


def _files(name: str, folders: Sequence[Path]) -> list[str]:
    """Return what a name stands for; a known policy's bare name means it, not a folder here."""
    path = Path(name)
    bare = "/" not in name and name in places.known("policy", folders)
    if bare or not path.is_dir():
        return [name]
    files = [str(file) for file in places.check_files(path)]
    if not files:
        wrong = "the folder holds neither a policy nor a rule"
        raise AdvisorError("check the machine", wrong, where=Where(name))
    return files


def _twice(read: Policy) -> AdvisorError:
    wrong = f"two of them are named {read.name[:60]!r}"
    return AdvisorError("check by several policies", wrong, remedy="name each differently")
