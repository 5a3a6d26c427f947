"""Nagios plugin output: a line with the state, performance data, then what failed or is open.

After the Monitoring Plugins development guidelines: exit 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
"""

from advisor.render import Printable, Style
from advisor.render.outcomes import checked, line, name, words
from advisor.render.text import clean
from advisor.report import CheckReport, Outcome

STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
# The guidelines know these units; other rates and counts go without one.
UNITS = {"bytes": "B", "s": "s"}
LOUD = ("fail", "open", "minor")
# Nagios cuts output at 8 KiB (MAX_PLUGIN_OUTPUT_LENGTH), and with it the performance data.
MOST_FIGURES = 60


def status(report: CheckReport) -> int:
    """Return the exit code that Nagios reads; what failed without counting is a WARNING."""
    if report.exit == 1:
        return 2
    if report.exit == 3:
        return 3
    return int(any(o.standing == "minor" for o in report.outcomes))


def unknown(text: str) -> str:
    """Say in Nagios' words why there is no result."""
    return f"MLINFRA UNKNOWN - {_safe(text)}"


def render(report: Printable, _style: Style) -> str:
    """Return the report as a plugin prints it."""
    check = checked(report, "nagios")
    counted = ", ".join(f"{number} {word}" for word, number in check.counts.items() if number)
    loud = sorted((o for o in check.outcomes if o.standing in LOUD), key=_loudness)
    first = f" ({_safe(name(loud[0]))})" if loud else ""
    head = f"MLINFRA {STATES[status(check)]} - {_safe(', '.join(check.policies))}: {counted}{first}"
    rest = [f"{o.outcome.upper()} {_safe(name(o))}: {_safe(words(o))}" for o in loud]
    return "\n".join([f"{head} | {_figures(check)}", *rest])


def _loudness(outcome: Outcome) -> int:
    return LOUD.index(outcome.standing)


def _safe(text: str) -> str:
    """Bring into one line without the bar, after which performance data begins."""
    return line(clean(text)).replace("|", "/")


def _figures(check: CheckReport) -> str:
    figures = {f"'{word}'": f"{number};;;0" for word, number in check.counts.items()}
    for outcome in check.outcomes:
        for fact, value in outcome.values.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                unit = UNITS.get(outcome.units.get(fact, ""), "")
                figures[_label(outcome, fact)] = f"{value!r}{unit}"
    return " ".join(f"{label}={value}" for label, value in list(figures.items())[:MOST_FIGURES])


def _label(outcome: Outcome, fact: str) -> str:
    subject = "" if outcome.subject == "machine" else f"{outcome.subject} "
    return "'" + _safe(f"{subject}{fact}").replace("=", " ").replace("'", "''") + "'"
