"""Ansible local facts: what `/etc/ansible/facts.d/mlinfra.fact` holds, or prints.

As a file it is read as it is; an executable of two lines, `exec mlinfra facts --format ansible`,
is always of today. Facts then are `ansible_local.mlinfra.cpu.cores`, those of devices in lists.
"""

from typing import Any

import msgspec

from advisor.render import Printable, Style
from advisor.render.facts import Told, told
from advisor.render.text import clean


def render(report: Printable, _style: Style) -> str:
    """Return facts as one JSON object; an unknown one is null, and told why under `unknown`."""
    facts: dict[str, Any] = {}
    unknown: dict[str, str] = {}
    lists: dict[str, dict[str, dict[str, Any]]] = {}
    for fact in told(report, "ansible"):
        group, _, rest = fact.name.partition(".")
        if fact.subject == "machine":
            place = facts.setdefault(group, {})
        else:
            members = lists.setdefault(f"{group}s", {})
            place = members.setdefault(fact.subject, {"id": clean(fact.subject)})
        place[rest.replace(".", "_")] = _value(fact)
        if fact.unknown:
            unknown[clean(_path(fact))] = clean(fact.unknown)
    whole = facts | {name: list(members.values()) for name, members in lists.items()}
    return msgspec.json.format(msgspec.json.encode(whole | {"unknown": unknown}), indent=1).decode()


def _path(fact: Told) -> str:
    return fact.name if fact.subject == "machine" else f"{fact.subject} {fact.name}"


def _value(fact: Told) -> Any:  # noqa: ANN401 - whatever a fact may be
    return clean(fact.value) if isinstance(fact.value, str) else fact.value
