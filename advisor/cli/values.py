"""Values as people write them on a command line."""

from advisor.errors import AdvisorError
from advisor.units import quantity, unit


def seconds(text: str, flag: str) -> float:
    """Read ``30s``, ``5m`` or ``2d``; a bare number is seconds.

    Raises:
        AdvisorError: it is no time, or not above zero.
    """
    text = text.strip()
    minutes = text.removesuffix("m") if text.endswith("m") else ""
    read = quantity(f"{minutes} min" if minutes else text)
    if (
        read is None
        or read[0] <= 0
        or read[1] not in {unit(u) for u in ("s", "min", "h", "d", "ms", "1")}
    ):
        raise AdvisorError(
            f"read {flag} {text}",
            "it is no time above zero",
            remedy="write, for example, 30s or 5m",
        )
    return read[0]


def money(text: str, flag: str, example: str) -> tuple[float, str]:
    """Read ``3000``, ``3000USD`` or ``3000 EUR``: an amount, and a currency where there is one.

    Raises:
        AdvisorError: it is no money above zero.
    """
    bare = text.replace(" ", "").replace(",", "")
    number = bare.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    currency = bare[len(number) :]
    read = quantity(number)
    if read is None or read[0] <= 0 or read[1] != unit("1") or len(currency) not in {0, 3}:
        raise AdvisorError(
            f"read {flag} {text[:40]}", "it is no money", remedy=f"write, for example, {example}"
        )
    return read[0], currency
