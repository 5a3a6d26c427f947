"""A machine together with what was measured on it: all that a verdict may rest on."""

import msgspec

from advisor.machine import Machine
from advisor.measurement import Measurement

SCHEMA = "mlinfra/profile/1"


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """One look at one machine; ``taken`` is UTC in ISO 8601, ``tool`` the version that looked."""

    schema: str = SCHEMA
    tool: str
    taken: str
    machine: Machine
    measurements: tuple[Measurement, ...] = ()
