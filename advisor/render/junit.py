"""JUnit XML, read by Jenkins, GitLab, Azure and others: a check, or the examples of rules.

Keeps to Jenkins' xunit schema junit-10.xsd. Of a check, each policy is a suite; a failure is
`failure`, an open question `error`, and what is waived, does not apply or was told not to count is
`skipped`. Each has its outcome as type.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

import msgspec

from advisor.errors import AdvisorError
from advisor.render import Printable, Style
from advisor.render.outcomes import name, words
from advisor.report import CheckReport, Outcome, TrialLine, TrialReport

ELEMENTS = {"fail": "failure", "open": "error", "minor": "skipped", "excused": "skipped"}


class Case(msgspec.Struct, frozen=True):
    """One test: ``element`` is what stands in it, None where it passed; ``kind`` is its type."""

    of: str
    name: str
    element: str | None
    kind: str
    message: str
    place: str


def render(report: Printable, _style: Style) -> str:
    """Return the report as JUnit XML.

    Raises:
        AdvisorError: the report holds nothing that passes or fails.
    """
    if isinstance(report, TrialReport):
        return _document({"rules": [_trial(trial) for trial in report.trials]}, "")
    if isinstance(report, CheckReport):
        suites = {
            policy: [_outcome(o) for o in report.outcomes if o.policy == policy]
            for policy in report.policies
        }
        return _document(suites, f" timestamp={_quoted(report.taken.removesuffix('Z'))}")
    raise AdvisorError("print as junit", "only checks and tests of rules can be", remedy="use json")


def _trial(trial: TrialLine) -> Case:
    title = f"example {trial.number}: {trial.expect}"
    place = f"{trial.file}:{trial.line}"
    element = None if trial.passed else "failure"
    return Case(trial.rule, title, element, "fail", f"{place}: it is {trial.truth}", place)


def _outcome(outcome: Outcome) -> Case:
    message = f"{outcome.outcome}: {words(outcome)}"
    place = f"{outcome.file}:{outcome.line or 1}, severity {outcome.severity}"
    element = ELEMENTS.get(outcome.standing)
    return Case(outcome.policy, name(outcome), element, outcome.outcome, message, place)


def _document(suites: dict[str, list[Case]], more: str) -> str:
    everything = [case for cases in suites.values() for case in cases]
    lines = [line for named, cases in suites.items() for line in _suite(named, cases, more)]
    head = f"<testsuites{_attributes('mlinfra', everything)}>"
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *lines, "</testsuites>"])


def _suite(named: str, cases: Sequence[Case], more: str) -> Iterable[str]:
    skipped = sum(case.element == "skipped" for case in cases)
    yield f'<testsuite{_attributes(named, cases)} skipped="{skipped}"{more}>'
    yield from map(_case, cases)
    yield "</testsuite>"


def _attributes(named: str, cases: Sequence[Case]) -> str:
    counted = Counter(case.element for case in cases)
    numbers = f'tests="{len(cases)}" failures="{counted["failure"]}" errors="{counted["error"]}"'
    return f" name={_quoted(named)} {numbers}"


def _case(case: Case) -> str:
    head = f"<testcase classname={_quoted(case.of)} name={_quoted(case.name)}"
    if case.element is None:
        return f"{head}/>"
    inside = f"<{case.element} type={_quoted(case.kind)} message={_quoted(case.message)}>"
    return f"{head}>{inside}{escape(_xml(case.place))}</{case.element}></testcase>"


def _quoted(text: str) -> str:
    return quoteattr(_xml(text), {"\n": "&#10;", "\t": "&#9;"})


def _xml(text: str) -> str:
    """Replace what XML 1.0 cannot carry even escaped (its production 2, Char)."""
    return "".join(c if c in "\t\n" or _is_char(ord(c)) else "\ufffd" for c in text)


def _is_char(code: int) -> bool:
    return 0x20 <= code < 0x7F or 0x9F < code < 0xD800 or 0xDFFF < code < 0xFFFE or code > 0xFFFF
