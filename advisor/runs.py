"""The last timed runs of each host, whole, so that two of them can be compared.

The store keeps one figure of each sort under the hardware and software it is true of; a run keeps
the machine with it, so that `diff` can say whether hardware or software changed first.
"""

import hashlib
import platform
from contextlib import suppress
from pathlib import Path

import msgspec

from advisor import store
from advisor.profile import Profile

# Some months of weekly runs, at a few hundred kilobytes each.
MOST = 20


def keep(identity: str | None, profile: Profile) -> None:
    """Keep a run of a host, and let go of the oldest where there are too many.

    Raises:
        AdvisorError: the state folder cannot be written.
    """
    name = profile.taken.replace(":", "").replace("-", "")
    path = _folder(identity) / f"{name}.json"
    store.write_whole(path, msgspec.json.encode(profile), "keep the run")
    for old in kept(identity)[:-MOST]:
        with suppress(OSError):  # another process was there first
            old.unlink()


def kept(identity: str | None) -> list[Path]:
    """Return the files of a host's runs, the oldest first; saved profiles, all of them."""
    return sorted(_folder(identity).glob("*.json"))


def _folder(identity: str | None) -> Path:
    """Return the folder of one host, known by its network name where it keeps no identity."""
    host = hashlib.sha256((identity or platform.node()).encode()).hexdigest()[:16]
    return store.folder() / "runs" / host
