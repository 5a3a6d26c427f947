"""Which host this is, as a name that tells nothing about it."""

import hashlib

from advisor.probe.source import Source

# D-Bus machines had theirs before systemd; both are random, and stay when the name changes
# (machine-id(5), which asks for a keyed hash wherever it leaves the machine).
_PLACES = ("/etc/machine-id", "/var/lib/dbus/machine-id")
_KEY = b"mlinfra host identity 1"


def identity(source: Source, uuids: tuple[str, ...] = ()) -> str | None:
    """Return 16 hex digits for this host and its GPUs (by UUID); None where nothing tells it."""
    machine = next((text for place in _PLACES if (text := source.text(place))), "")
    if not machine and not uuids:
        return None
    told = "\n".join([machine, *sorted(uuids)]).encode()
    return hashlib.blake2b(told, key=_KEY, digest_size=8).hexdigest()
