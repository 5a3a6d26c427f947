"""JSON: the report as it is, versioned by its ``schema``, keys in a fixed order."""

import msgspec

from advisor.render import Printable, Style


def render(report: Printable, _style: Style) -> str:
    """Return the report as indented JSON; it carries everything, whatever the style."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1).decode()
