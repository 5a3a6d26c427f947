"""Node Feature Discovery: what a file in `/etc/kubernetes/node-feature-discovery/features.d` holds.

Labels follow Kubernetes: 63 characters of letters, digits, `-`, `_` and `.`, a letter or digit at
both ends. NFD reads at most 64 KiB, and its rules compare integers: numbers are cut to whole ones.
"""

import re

from advisor.render import Printable, Style
from advisor.render.facts import Told, told

MOST_CHARACTERS = 63
MOST_BYTES = 64 * 1024


def render(report: Printable, _style: Style) -> str:
    """Return a label for each known fact; what is unknown has none."""
    labels: dict[str, str] = {}
    for fact in told(report, "nfd"):
        name, value = _label(_name(fact)), _value(fact)
        if name and value:
            labels[name] = f"{name}={value}"
    text = "\n".join(labels.values())
    return text[:MOST_BYTES].rpartition("\n")[0] if len(text) > MOST_BYTES else text


def _name(fact: Told) -> str:
    number = "" if fact.subject == "machine" else f"-{fact.subject.partition(':')[2]}"
    group, _, rest = fact.name.partition(".")
    return f"mlinfra.{group}{number}.{rest}"


def _value(fact: Told) -> str:
    if fact.value is None:
        return ""
    if isinstance(fact.value, bool):
        return str(fact.value).lower()
    return str(int(fact.value)) if isinstance(fact.value, float) else _label(str(fact.value))


def _label(text: str) -> str:
    """Make a label's name or value of any text, empty where nothing of it may stay."""
    allowed = re.sub(r"[^A-Za-z0-9._-]+", "_", text)
    return allowed.strip("._-")[:MOST_CHARACTERS].rstrip("._-")
