"""Workloads that a case names by a file or a function: read once, by whoever can."""

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from advisor import book
from advisor.errors import AdvisorError
from advisor.model import hugging
from advisor.workload import Workload

# The longest published configurations are some 50 kB.
_CONFIG_BYTES = 4 * 1024 * 1024


def workload_of(form: Mapping[str, Any], folders: Sequence[Path]) -> Workload:
    """Read the workload that a form names.

    Raises:
        AdvisorError: it names none, or what it names cannot be read.
    """
    if form.get("model"):
        return _factory(form["model"])
    if form.get("hf_config"):
        return _configured(Path(form["hf_config"]), form.get("sequence"))
    if form.get("name"):
        return book.workload(form["name"], folders)
    raise AdvisorError(
        "read a workload",
        "it has none of the known forms",
        remedy="name, model, hf_config, macs with activations, ops, opaque, llm, trees",
    )


def _configured(path: Path, sequence: int | None) -> Workload:
    """Read a Hugging Face ``config.json``; of a folder, the one in it."""
    file = path / "config.json" if path.is_dir() else path
    try:
        with file.open("rb") as opened:
            text = opened.read(_CONFIG_BYTES)
        config = msgspec.json.decode(text, type=dict[str, Any])
    except OSError as error:
        raise AdvisorError(f"read {path}", error.strerror or "it cannot be read") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise AdvisorError(f"read {path}", f"it is no JSON object: {error}") from error
    return hugging.workload(config, str(path), sequence)


def _factory(name: str) -> Workload:
    """Trace what a function returns: a torch module and its example inputs, on the meta device."""
    module, colon, function = name.partition(":")
    try:
        from advisor.model import factory
    except ImportError as error:
        raise AdvisorError(
            f"trace {name}", "torch is not installed", remedy="install the extra `bench`"
        ) from error
    if not (module and colon and function):
        raise AdvisorError(f"trace {name}", "it is not of the form package.module:factory")
    try:
        found = importlib.import_module(module)
    except Exception as error:  # whatever a user's module raises is theirs to read
        raise AdvisorError(f"trace {name}", f"{type(error).__name__}: {error}") from error
    return factory.workload(found, function, name)
