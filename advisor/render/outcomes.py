"""What every dialect of a check says of an outcome, in the same words."""

from advisor.errors import AdvisorError
from advisor.profile import Profile
from advisor.render import Printable
from advisor.report import CheckReport, Outcome, Recommendation


def checked(report: Printable, form: str) -> CheckReport:
    """Return the report if it is a check's; other reports have no dialect.

    Raises:
        AdvisorError: it is another report.
    """
    if isinstance(report, CheckReport):
        return report
    what = {Profile: "profile", Recommendation: "recommendation"}.get(type(report), "report")
    remedy = "use table, json or markdown"
    raise AdvisorError(f"print as {form}", f"it cannot carry a {what}", remedy=remedy)


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
