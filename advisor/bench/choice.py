"""The benchmarks there are, and those that were asked for."""

from difflib import get_close_matches
from types import ModuleType

import msgspec

from advisor.bench import micro
from advisor.errors import AdvisorError
from advisor.plugins import modules


class Listed(msgspec.Struct, frozen=True):
    """One line of ``bench --list``."""

    name: str
    title: str


def catalogue() -> list[Listed]:
    """List the benchmarks there are."""
    return [Listed(name, module.TITLE) for name, module in plugins().items()]


def plugins() -> dict[str, ModuleType]:
    """Return the modules that each hold a benchmark, by its name."""
    return {module.__name__.rpartition(".")[2]: module for module in modules(micro)}


def chosen_of(names: tuple[str, ...] | None) -> dict[str, ModuleType]:
    """Return the benchmarks of some names, all of them where there are none.

    Raises:
        AdvisorError: there is no benchmark of a name.
    """
    found = plugins()
    for name in names or ():
        if name not in found:
            near = get_close_matches(name, found, 1)
            remedy = f"did you mean {near[0]}?" if near else "see mlinfra bench --list"
            raise AdvisorError("choose benchmarks", f"there is no benchmark {name}", remedy=remedy)
    return {name: found[name] for name in found if not names or name in names}
