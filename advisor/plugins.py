"""Lists the plug-ins of a room: every module in a folder it is given."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def modules(package: ModuleType) -> list[ModuleType]:
    """Import every public module of a package, in name order."""
    names = sorted(info.name for info in iter_modules(package.__path__))
    return [import_module(f"{package.__name__}.{name}") for name in names if name[0] != "_"]
