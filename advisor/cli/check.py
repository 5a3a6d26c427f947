"""``mlinfra check``: a gate for provisioning scripts."""

from pathlib import Path

import typer

from advisor.cli.output import Format, Output, emit, word
from advisor.errors import AdvisorError
from advisor.rule import Severity

EXAMPLES = """Examples:\n
  mlinfra check workstation\n
  mlinfra check ./my-policy.yaml --profile node7.json --format json\n
  mlinfra check workstation --fail-on warning && echo ready
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check", epilog=EXAMPLES)(check)


def check(
    policy: str = typer.Argument(..., help="A shipped policy's name, or a policy or rule file."),
    form: str = Format,
    output: list[str] = Output,
    profile: Path | None = typer.Option(None, "--profile", help="Check a saved profile."),
    rules: list[Path] = typer.Option([], "--rules", help="A folder with more rules."),
    fail_on: str = typer.Option(
        "error", "--fail-on", help="Least severity that fails: error, warning, info."
    ),
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Show what passed too."),
) -> int:
    """Judge this machine by a policy: exit 0 if all passed, 1 if one failed, 3 if it is open."""
    from advisor.pipeline.check import check as judge
    from advisor.pipeline.look import Look

    look = Look(profile=profile, say=word)
    report = judge(policy, look, tuple(rules), _severity(fail_on))
    emit(report, form, output, verbose=verbose, live=look.live)
    return report.exit


def _severity(text: str) -> Severity:
    if text not in set(Severity):
        names = ", ".join(Severity)
        raise AdvisorError(f"read --fail-on {text}", "no such severity", remedy=f"use {names}")
    return Severity(text)
