"""Constraints as people write them: the flags that `recommend` and `upgrade` have in common."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

import typer

from advisor.constraint import DATA_AT, GOALS, LIFETIMES, Constraints, Link
from advisor.errors import AdvisorError
from advisor.units import Unit, quantity, unit

FLAGS: dict[str, Any] = {
    "goal": typer.Option("throughput", metavar="|".join(GOALS), help="Rank by this."),
    "batch": typer.Option(None, min=1, max=1_000_000, help="This batch only."),
    "precision": typer.Option("", help="This precision only: fp32, bf16, …, int4."),
    "compile": typer.Option(None, "--compile/--no-compile", help="Compiled plans only, or none."),
    "context": typer.Option(None, min=1, max=10**8, help="Tokens of context."),
    "latency": typer.Option("", help="Longest time for one answer: 50ms."),
    "streams": typer.Option("", help="Streams to serve at once: 10000, or 16,30/s each."),
    "offline": typer.Option(False, "--offline", help="It must work without a network."),
    "link": typer.Option("", help="Rate and round trip of the link: 20Mbps,40ms[,drops]."),
    "data_at": typer.Option("device", metavar="|".join(DATA_AT), help="Where the data arises."),
    "power": typer.Option("", help="Power that is there: 15W."),
    "model_changes": typer.Option("", metavar="|".join(LIFETIMES), help="How often."),
    "patience": typer.Option("", help="Longest time for one experiment: 2d (else a week)."),
    "dataset_size": typer.Option("", help="Samples, or bytes as stored: 138GB."),
}


def flags(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the flags; it gets what they say as its argument ``wanted``."""

    @wraps(command)
    def asked(**given: Any) -> int:  # noqa: ANN401 - whatever typer read
        own = {name: given.pop(name) for name in list(given) if name not in FLAGS}
        return command(**own, wanted=constraints(**given))

    signature = inspect.signature(command)
    kept = [p for p in signature.parameters.values() if p.name != "wanted"]
    added = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=flag, annotation=_kind(name, flag)
        )
        for name, flag in FLAGS.items()
    ]
    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in kept]
    asked.__signature__ = signature.replace(parameters=[*keyword, *added])  # type: ignore[attr-defined] # where inspect looks first
    return asked


# What a flag holds that has no default.
_HOLDS = {"batch": int | None, "context": int | None, "compile": bool | None}


def _kind(name: str, flag: Any) -> Any:  # noqa: ANN401 - an option of typer's, and what it may hold
    return _HOLDS.get(name) or type(flag.default)


def constraints(**given: Any) -> Constraints:  # noqa: ANN401 - texts, numbers and a switch
    """Read all flags; those that were not given keep their defaults.

    Raises:
        AdvisorError: one cannot be read; says which, and what one looks like.
    """
    said = {name: value for name, value in given.items() if value not in {None, ""}}
    read = {name: _READERS[name](value) for name, value in said.items()}
    stated = tuple(name.replace("_", "-") for name in read if read[name] != _DEFAULT.get(name))
    fields = {field: value for name, found in read.items() for field, value in _fields(name, found)}
    return Constraints(**fields, stated=stated)


_DEFAULT = {"goal": "throughput", "data_at": "device", "offline": False}


def _fields(name: str, value: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - as above
    """Name the fields that a flag sets: streams and data sets are said in two ways."""
    if name == "streams":
        return [("streams", value[0]), ("stream_rate", value[1])]
    if name == "dataset_size":
        return [value]
    return [(name, value)]


def _measure(flag: str, what: str, units: str, example: str) -> Any:  # noqa: ANN401 - a reader
    """Make a reader of one quantity above zero, in any unit of the kind of ``units``."""
    wanted = unit(units)

    def read(text: str) -> float:
        found = quantity(text.strip())
        if found is None or not _alike(found[1], wanted) or found[0] <= 0:
            raise _bad(flag, text, f"it is no {what} above zero", example)
        return found[0]

    return read


def _alike(one: Unit, other: Unit | None) -> bool:
    return other is not None and one.dimension == other.dimension


def _word(flag: str, what: str, words: tuple[str, ...]) -> Any:  # noqa: ANN401 - a reader
    def read(text: str) -> str:
        if text not in words:
            raise AdvisorError(
                f"read {flag} {text[:60]}",
                f"there is no such {what}",
                remedy=f"use {', '.join(words[:-1])} or {words[-1]}",
            )
        return text

    return read


def _link(text: str) -> Link:
    rate, *rest = (part.strip() for part in text.split(","))
    may_drop = {"drops": True, "steady": False}.get(rest[-1]) if rest else None
    delays = rest[:-1] if may_drop is not None else rest
    if len(delays) > 1:
        raise _bad("--link", text, "it has too many parts", "20Mbps,40ms or 20Mbps,40ms,drops")
    bits = _measure("--link", "rate", "bits/s", "20Mbps,40ms")(rate)
    delay = _measure("--link", "time", "s", "20Mbps,40ms")(delays[0]) if delays else None
    return Link(bits_per_second=bits, delay=delay, may_drop=may_drop)


def _streams(text: str) -> tuple[float, float | None]:
    count, comma, rate = (part.strip() for part in text.partition(","))
    many = _measure("--streams", "number", "1", "10000")(count)
    rate = rate.removesuffix("/s")
    return many, _measure("--streams", "number", "1", "16,30/s")(rate) if comma else None


def _dataset(text: str) -> tuple[str, float]:
    found = quantity(text.strip())
    if found and found[0] > 0:
        for field, units in (("dataset_bytes", "bytes"), ("samples", "1"), ("samples", "samples")):
            if _alike(found[1], unit(units)):
                return field, found[0]
    raise _bad("--dataset-size", text, "it is neither bytes nor samples", "138GB or 1281167")


def _same(value: Any) -> Any:  # noqa: ANN401 - a number or a switch as typer read it
    return value


def _lower(text: str) -> str:
    from advisor.predict import PRECISIONS, QUANTISED

    return str(_word("--precision", "precision", PRECISIONS + QUANTISED)(text.lower()))


_READERS = {
    "goal": _word("--goal", "goal", GOALS),
    "latency": _measure("--latency", "time", "s", "50ms"),
    "streams": _streams,
    "offline": _same,
    "link": _link,
    "data_at": _word("--data-at", "place", DATA_AT),
    "power": _measure("--power", "power", "W", "15W"),
    "model_changes": _word("--model-changes", "pace", tuple(LIFETIMES)),
    "patience": _measure("--patience", "time", "s", "2d"),
    "dataset_size": _dataset,
    "batch": _same,
    "compile": _same,
    "precision": _lower,
    "context": _same,
}


def _bad(flag: str, text: str, wrong: str, example: str) -> AdvisorError:
    return AdvisorError(f"read {flag} {text[:60]}", wrong, remedy=f"write, for example, {example}")
