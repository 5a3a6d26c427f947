"""Facts as environment variables, for `eval` in a shell, Docker's and systemd's files.

`MLINFRA_CPU_CORES=8`, `MLINFRA_GPU_0_MEMORY=…`, in base units; what is unknown is a comment.
"""

import re
from shlex import quote

from advisor.render import Printable, Style
from advisor.render.facts import Told, told
from advisor.render.outcomes import line
from advisor.render.text import clean


def render(report: Printable, _style: Style) -> str:
    """Return a line `NAME=value` for each known fact, quoted where a shell needs it."""
    lines: dict[str, str] = {}
    for fact in told(report, "env"):
        name = variable(fact)
        if fact.value is not None:
            lines[name] = f"{name}={_value(fact)}"
        elif fact.unknown:
            lines[name] = f"# {name} is unknown: {line(clean(fact.unknown))}"
    return "\n".join(lines.values())


def variable(fact: Told) -> str:
    """Name a variable by the fact, and by the device's number where it is a device's."""
    number = "" if fact.subject == "machine" else f"_{fact.subject.partition(':')[2]}"
    group, _, rest = fact.name.partition(".")
    return re.sub(r"[^A-Z0-9]+", "_", f"MLINFRA_{group}{number}_{rest}".upper())


def _value(fact: Told) -> str:
    if isinstance(fact.value, bool):
        return str(fact.value).lower()
    return quote(line(clean(str(fact.value))))
