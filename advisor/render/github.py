"""GitHub workflow commands: an annotation for what failed, is open or is waived, then the count.

Escapes are those of GitHub's own toolkit: percent and line breaks in the text, colon and comma in
properties besides.
"""

from advisor.render import Printable, Style
from advisor.render.outcomes import checked, name, words
from advisor.render.text import clean
from advisor.report import Outcome

COMMANDS = {"fail": "error", "open": "error", "minor": "warning", "excused": "notice"}


def render(report: Printable, _style: Style) -> str:
    """Return the report as workflow commands."""
    check = checked(report, "github")
    shown = [o for o in check.outcomes if o.outcome not in {"pass", "not-applicable"}]
    counted = ", ".join(f"{number} {word}" for word, number in check.counts.items())
    last = f"Policy {', '.join(check.policies)}: {counted}: exit {check.exit}"
    return "\n".join([*map(_command, shown), _data(last)])


def _command(outcome: Outcome) -> str:
    title = f"{outcome.outcome}: {name(outcome)}"
    place = f"file={_property(outcome.file)},line={outcome.line or 1}"
    return (
        f"::{COMMANDS[outcome.standing]} {place},title={_property(title)}::{_data(words(outcome))}"
    )


def _data(text: str) -> str:
    escaped = clean(text).replace("%", "%25").replace("\n", "%0A")
    return f" {escaped}" if escaped.startswith("::") else escaped


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
