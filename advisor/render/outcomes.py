"""What every dialect of a check says of an outcome, in the same words."""

from advisor.errors import AdvisorError
from advisor.render import Printable
from advisor.report import CheckReport, Outcome


def checked(report: Printable, form: str) -> CheckReport:
    """Return the report if it is a check's; other reports have no dialect.

    Raises:
        AdvisorError: it is another report.
    """
    if isinstance(report, CheckReport):
        return report
    raise AdvisorError(f"print as {form}", "only a check can be", remedy="use json")


def name(outcome: Outcome) -> str:
    """Name an outcome: the rule, and on what, unless it is the whole machine."""
    machine = outcome.subject == "machine"
    return outcome.rule if machine else f"{outcome.rule} on {outcome.subject}"


def words(outcome: Outcome) -> str:
    """Say what became of a rule: its title, why, and what would settle it."""
    title = outcome.title if outcome.title.endswith((".", "?", "!")) else f"{outcome.title}."
    settles = f"To settle: {', '.join(outcome.settles)}." if outcome.settles else ""
    return " ".join(filter(None, [title, outcome.message, settles]))


def line(text: str) -> str:
    """Bring a text into one line, blanks and line breaks made one blank."""
    return " ".join(text.split())
