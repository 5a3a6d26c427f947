"""What `diff` reports: all that changed between two profiles."""

import msgspec

from advisor.difference import Change

DIFF = "mlinfra/diff/1"


class DifferenceReport(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer of `diff`; ``before`` and ``after`` say when the two were taken."""

    schema: str = DIFF
    tool: str
    before: str
    after: str
    changes: tuple[Change, ...]
