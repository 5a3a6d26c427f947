"""JUnit's XML, for what CI servers show as tests: examples of rules, and checks of a policy."""

from xml.sax.saxutils import quoteattr

from advisor.errors import AdvisorError
from advisor.render import Printable, Style
from advisor.render.text import clean
from advisor.report import CheckReport, Outcome, TrialLine, TrialReport

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def render(report: Printable, _style: Style) -> str:
    """Return the report as one suite.

    Raises:
        AdvisorError: the report holds nothing that passes or fails.
    """
    if isinstance(report, TrialReport):
        return _suite("rules", [_trial(trial) for trial in report.trials])
    if isinstance(report, CheckReport):
        return _suite(report.policy, [_outcome(outcome) for outcome in report.outcomes])
    raise AdvisorError("print as junit", "only checks and tests of rules can be", remedy="use json")


Case = tuple[str, str, str, str]  # class, name, what became of it, message


def _trial(trial: TrialLine) -> Case:
    name = f"example {trial.number}: {trial.expect}"
    failed = "" if trial.passed else "failure"
    return trial.rule, name, failed, f"{trial.file}:{trial.line}: it is {trial.truth}"


def _outcome(outcome: Outcome) -> Case:
    kinds = {"fail": "failure", "unknown": "skipped", "waived": "skipped"}
    kind = kinds.get(outcome.outcome, "skipped" if outcome.outcome == "not-applicable" else "")
    message = ". ".join(filter(None, [outcome.title, outcome.message, *outcome.settles]))
    return outcome.rule, outcome.subject, kind, message


def _suite(name: str, cases: list[Case]) -> str:
    kinds = [case[2] for case in cases]
    counts = f'tests="{len(cases)}" failures="{kinds.count("failure")}" errors="0"'
    skipped = f'skipped="{kinds.count("skipped")}"'
    lines = [f"  <testsuite name={_quoted(name)} {counts} {skipped}>", *map(_case, cases)]
    return "\n".join([_HEAD, f"<testsuites {counts}>", *lines, "  </testsuite>", "</testsuites>"])


def _case(case: Case) -> str:
    of, name, kind, message = case
    head = f"    <testcase classname={_quoted(of)} name={_quoted(name)}"
    return f"{head}><{kind} message={_quoted(message)}/></testcase>" if kind else f"{head}/>"


def _quoted(text: str) -> str:
    """Quote for XML, which cannot hold control characters at all."""
    return quoteattr(clean(text).replace("\n", " "))
