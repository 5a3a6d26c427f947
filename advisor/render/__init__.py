"""Print reports; compute nothing; one file a format.

A format is a module of this room with ``render(report, style)``, listed here by its name.
"""

from importlib import import_module
from typing import Protocol

import msgspec

from advisor.assigned import Assignment
from advisor.compared import DifferenceReport
from advisor.errors import AdvisorError
from advisor.part import PartList
from advisor.profile import Profile
from advisor.report import (
    CheckReport,
    Explanation,
    LintReport,
    Recommendation,
    RuleList,
    RuleSheet,
    TrialReport,
)
from advisor.stated import FactReport
from advisor.upgraded import UpgradeReport
from advisor.verified import VerifyReport

Printable = (
    Profile
    | Recommendation
    | Assignment
    | CheckReport
    | RuleList
    | RuleSheet
    | LintReport
    | TrialReport
    | Explanation
    | FactReport
    | DifferenceReport
    | PartList
    | VerifyReport
    | UpgradeReport
)
# A table, not a listing of the folder: --help must not import what prints.
FORMATS = (
    "table", "json", "markdown", "junit", "tap", "sarif", "nagios", "prometheus", "github",
    "ansible", "nfd", "env",
)  # fmt: skip


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """How to print for people: ``now`` (ISO 8601) is given only where ages may be shown.

    ``fewer`` is how many of the less important things a sheet leaves out, to stay short.
    """

    width: int = 80
    fewer: int = 0
    color: bool = False
    verbose: bool = False
    explain: bool = False
    now: str | None = None


class Renderer(Protocol):
    """What a format's module offers."""

    def render(self, report: Printable, style: Style) -> str:
        """Return the whole text, without a newline at its end."""


def render(report: Printable, form: str, style: Style) -> str:
    """Print a report in a format.

    Raises:
        AdvisorError: there is no such format, or it cannot carry this report.
    """
    module: Renderer = import_module(f"{__name__}.{known(form)}")
    return module.render(report, style)


def known(form: str) -> str:
    """Return the name of a format; raises AdvisorError if there is none such."""
    if form not in FORMATS:
        names = ", ".join(FORMATS)
        raise AdvisorError(f"print as {form}", "there is no such format", remedy=f"use {names}")
    return form
