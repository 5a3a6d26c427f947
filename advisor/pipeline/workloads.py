"""A workload as people name it: a word, a function, an ONNX file or a configuration."""

from collections.abc import Sequence
from pathlib import Path

from advisor.errors import AdvisorError
from advisor.pipeline.graphs import workload_of
from advisor.workload import Workload


def read_workload(text: str, folders: Sequence[Path]) -> Workload:
    """Read what ``--workload`` says: ``cnn``, ``package.module:factory``, a path of a model.

    Raises:
        AdvisorError: it names no workload, or what it names cannot be read.
    """
    if not text.strip():
        raise AdvisorError("read a workload", "its name is empty", remedy="name one, such as cnn")
    return workload_of(form_of(text), folders)


def form_of(text: str) -> dict[str, str]:
    """Tell the forms apart: by the colon of a function, the ending of a file, a folder's slash."""
    if text.endswith(".onnx"):
        return {"onnx": text}
    if text.endswith(".json") or (_is_path(text) and Path(text).is_dir()):
        return {"hf_config": text}
    return {"model": text} if ":" in text and not _is_path(text) else {"name": text}


def _is_path(text: str) -> bool:
    return "/" in text or text in {".", ".."}
