"""What a shell completes after a flag; nothing is imported before it asks.

The argument must be called ``incomplete``: typer fills it in by that name.
"""

from collections.abc import Callable, Iterable

Completer = Callable[[str], list[str]]


def among(names: Iterable[str]) -> Completer:
    """Complete from names that are known here."""

    def complete(incomplete: str) -> list[str]:
        return _beginning(names, incomplete)

    return complete


def workload(incomplete: str) -> list[str]:
    """Complete the name of a workload."""
    from advisor.pipeline.words import workloads

    return _beginning(workloads(), incomplete)


def policy(incomplete: str) -> list[str]:
    """Complete the name of a policy."""
    from advisor.pipeline.words import policies

    return _beginning(policies(), incomplete)


def rule(incomplete: str) -> list[str]:
    """Complete the id of a rule."""
    from advisor.pipeline.words import rules

    return _beginning(rules(), incomplete)


def part(incomplete: str) -> list[str]:
    """Complete the name of a part."""
    from advisor.pipeline.words import parts

    return _beginning(parts(), incomplete)


def benchmark(incomplete: str) -> list[str]:
    """Complete the name of a benchmark."""
    from advisor.pipeline.time import benchmarks

    return _beginning([name for name, _ in benchmarks()], incomplete)


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in names if name.lower().startswith(incomplete.lower())]
