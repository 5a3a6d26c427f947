"""Workloads that a case names by a file or a function: read once, by whoever can."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from advisor import book
from advisor.errors import AdvisorError
from advisor.model import child, hugging, ladder
from advisor.pipeline import kept
from advisor.workload import Workload

# The longest published configurations are some 50 kB.
_CONFIG_BYTES = 4 * 1024 * 1024


def workload_of(form: Mapping[str, Any], folders: Sequence[Path]) -> Workload:
    """Read the workload that a form names; a ``model`` is the user's own code, and is run.

    Raises:
        AdvisorError: it names none, or what it names cannot be read.
    """
    sequence = form.get("sequence")
    if form.get("model"):
        return child.traced(form["model"])
    if form.get("onnx"):
        return child.exchanged(Path(form["onnx"]), sequence)
    if form.get("hf_config"):
        return _configured(Path(form["hf_config"]), sequence)
    if form.get("name"):
        return named(form["name"], folders, sequence)
    raise AdvisorError(
        "read a workload",
        "it has none of the known forms",
        remedy="name, model, onnx, hf_config, macs with activations, ops, opaque, llm, trees",
    )


def named(name: str, folders: Sequence[Path], context: int | None = None) -> Workload:
    """Read a workload of the book; ``llm-<N>b`` is any language model of so many G parameters.

    ``context`` are the tokens of a language model's prompt and context, where they are asked for.

    Raises:
        AdvisorError: there is no such workload, or the file cannot be read.
    """
    if name not in book.workloads(folders):
        found = ladder.workload(name)
        if found is not None:
            return ladder.contextual(found, context)
    return ladder.contextual(kept.workload(name, folders), context)


def _configured(path: Path, sequence: int | None) -> Workload:
    """Read a Hugging Face ``config.json``; of a folder, the one in it."""
    file = path / "config.json" if path.is_dir() else path
    try:
        with file.open("rb") as opened:
            text = opened.read(_CONFIG_BYTES)
        config = msgspec.json.decode(text, type=dict[str, Any])
    except OSError as error:
        raise AdvisorError(f"read {file}", error.strerror or "it cannot be read") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise AdvisorError(f"read {file}", f"it is no JSON object: {error}") from error
    return hugging.workload(config, str(path), sequence)
