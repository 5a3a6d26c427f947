"""The batch interface: cases in, answers out, a line at a time, in constant memory."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import msgspec

from advisor.errors import AdvisorError
from advisor.part import resolve
from advisor.pipeline import kept
from advisor.pipeline.graphs import workload_of
from advisor.pipeline.kept import by_name
from advisor.pipeline.saved import read_profile
from advisor.predict.elsewhere.batch import Predictor
from advisor.predict.elsewhere.case import Form, decoded, name_of
from advisor.predict.elsewhere.measured import measured
from advisor.predict.elsewhere.silicon import Silicon, silicon
from advisor.workload import Workload

# A list of 100,000 ops is 8 MB; whatever is longer is no case.
LINE_BYTES = 16 * 1024 * 1024


def predictor(folders: Sequence[Path] = ()) -> Predictor:
    """Make the predictor of catalogue parts and saved profiles; ``folders`` add parts of one's own.

    Raises:
        AdvisorError: a file of the book cannot be read.
    """
    figures = kept.constants("elsewhere", folders).figures
    parts = by_name(folders)

    @lru_cache(maxsize=4096)
    def device(name: str, count: int, place: str | None) -> tuple[Silicon, str]:
        if name.endswith(".json"):
            return measured(read_profile(Path(name)), place, parts, figures)
        found = resolve(parts, name)
        return silicon(found.part, figures, count), found.note

    @lru_cache(maxsize=64)
    def tried(form: bytes) -> Workload | AdvisorError:
        try:  # what cannot be read is not tried at every line
            return workload_of(msgspec.json.decode(form), folders)
        except AdvisorError as error:
            return error

    def read(form: Form) -> Workload:
        found = tried(msgspec.json.encode(_file_of(form)))
        if isinstance(found, AdvisorError):
            raise found
        return found

    return Predictor(figures, device, read)


def _file_of(form: Form) -> dict[str, str | int | None]:
    names = ("name", "model", "onnx", "hf_config", "sequence")
    return {name: getattr(form, name) for name in names}


def lines(file: BinaryIO) -> Iterator[bytes]:
    """Read lines of bounded length; the rest of one that is too long is passed over."""
    while line := file.readline(LINE_BYTES):
        if not line.endswith(b"\n") and len(line) == LINE_BYTES:
            while (rest := file.readline(LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
            line = b'"longer than 16 MiB"'
        if line.strip():
            yield line


def answers(cases: Iterable[bytes], made: Predictor) -> Iterator[bytes]:
    """Answer each case with one line of JSON; a bad one with its id and what is wrong."""
    encoder = msgspec.json.Encoder()
    for line in cases:
        try:
            answer = made.answer(decoded(line))
        except AdvisorError as error:
            answer = {"id": name_of(line), "error": str(error)}
        except (ArithmeticError, ValueError) as error:
            wrong = f"its numbers cannot be computed with: {error}"
            answer = {"id": name_of(line), "error": wrong}
        yield encoder.encode(answer)
