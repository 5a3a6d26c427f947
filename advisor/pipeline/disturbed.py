"""Which places' figures were taken while something else went on: what rests on them is too low."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from advisor.measurement import Measurement, Quality
from advisor.profile import Profile
from advisor.report import DisturbedLine

# Of some hundred figures a quiet run of a virtual machine has up to a tenth that are doubtful.
_MANY = 0.1
_NUMBERS = re.compile(r"\d+")


def disturbed(rows: Iterable[Measurement], places: Iterable[str]) -> Iterator[DisturbedLine]:
    """Tell of each place where more figures were disturbed than in a quiet run."""
    every = list(rows)
    for place in places:
        mine = [row for row in every if row.device == place]
        doubtful = [row.cause for row in mine if row.quality is not Quality.VALID and row.cause]
        if len(doubtful) > _MANY * len(mine):
            yield DisturbedLine(place, len(doubtful), len(mine), _mostly(doubtful))


# What a figure says of itself is no cause.
_OF_ITSELF = "rounds differ"


def _mostly(causes: list[str]) -> str:
    """Return the commonest cause; those that differ in numbers alone are the same one."""
    each = [part for cause in causes for part in cause.split("; ")]
    told = [part for part in each if not part.startswith(_OF_ITSELF)] or each
    alike = Counter(_NUMBERS.sub("", part) for part in told)
    commonest = alike.most_common(1)[0][0]
    return next(part for part in told if _NUMBERS.sub("", part) == commonest)


def shaken(profile: Profile) -> bool:
    """Whether the operators of some place were timed while too much else went on."""
    rows = [row for row in profile.measurements if row.name == "op"]
    return any(True for _ in disturbed(rows, {row.device for row in rows}))


def calm(profile: Profile) -> Profile:
    """Return the profile without the operators whose timing was disturbed."""
    kept = (m for m in profile.measurements if m.name != "op" or m.quality is Quality.VALID)
    return replace(profile, measurements=tuple(kept))
