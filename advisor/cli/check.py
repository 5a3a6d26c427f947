"""``mlinfra check``: a gate for provisioning scripts."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from advisor.cli.output import Format, Output, emit, targets, word
from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from advisor.judge.outcomes import Strictness
    from advisor.pipeline.look import Look
    from advisor.profile import Profile
    from advisor.report import CheckReport

EXAMPLES = """Examples:\n
  mlinfra check workstation\n
  mlinfra check ./my-policy.yaml --profile node7.json --format json\n
  mlinfra check gpu-node --wait 5m --output junit=report.xml --output prometheus=mlinfra.prom\n
  mlinfra check workstation --fail-on warning && echo ready
"""
UNKNOWN_AS = ("unknown", "fail", "pass")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check", epilog=EXAMPLES)(check)


def check(
    policies: list[str] = typer.Argument(
        ..., metavar="POLICY...", help="Shipped policies' names, policy or rule files, or folders."
    ),
    form: str = Format,
    output: list[str] = Output,
    profile: Path | None = typer.Option(None, "--profile", help="Check a saved profile."),
    rules: list[Path] = typer.Option([], "--rules", help="A folder with more rules."),
    bench: bool = typer.Option(False, "--bench", help="Time first what the rules ask for."),
    time: str = typer.Option("20s", "--time", help="How long --bench may take."),
    fail_on: str = typer.Option(
        "error", "--fail-on", help="Least severity that fails: error, warning, info."
    ),
    unknown_as: str = typer.Option(
        "unknown", "--treat-unknown-as", help="What an open question is: unknown, fail, pass."
    ),
    wait: str | None = typer.Option(
        None, "--wait", help="Ask again until all pass, for so long: 5m."
    ),
    timeout: str = typer.Option("15s", "--timeout", help="How long drivers may take in all."),
    limit: str | None = typer.Option(
        None, "--limit", help="How long all of it may take; then exit 3."
    ),
    nagios: bool = typer.Option(
        False, "--nagios", help="Speak to Nagios: its format, and its exit codes 0, 1, 2, 3."
    ),
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Show what passed too."),
) -> int:
    """Judge this machine by policies: exit 0 if all passed, 1 if one failed, 3 if it is open."""
    from advisor.cli.limit import within
    from advisor.cli.values import seconds
    from advisor.pipeline.look import Look

    targets(form, output)
    look = Look(profile=profile, timeout=seconds(timeout, "--timeout"), say=word)
    strictness = _strictness(fail_on, unknown_as)
    with within(limit):
        report = _report(policies, tuple(rules), look, strictness, time if bench else None, wait)
    emit(report, "nagios" if nagios else form, output, verbose=verbose, live=look.live)
    return _code(report, nagios)


def _report(
    names: list[str],
    folders: tuple[Path, ...],
    look: "Look",
    strictness: "Strictness",
    time: str | None,
    wait: str | None,
) -> "CheckReport":
    """Read the policies once; look, time and judge once, or until ready."""
    from advisor.pipeline import check as room
    from advisor.pipeline.look import probe

    policies = room.policies(names, folders)
    wanted = room.benchmarks(policies) if time else ()

    def attempt() -> "CheckReport":
        profile = _timed(look, time, wanted) if time and wanted else probe(look)
        return room.check(policies, profile, strictness)

    if time and not wanted:
        look.say("nothing to time: no rule asks for a measured number")
    return _ready(attempt, wait, look) if wait else attempt()


def _timed(look: "Look", time: str, names: tuple[str, ...]) -> "Profile":
    from advisor.cli.timing import timed

    return timed(look, time, names)


def _ready(attempt: Callable[[], "CheckReport"], wait: str, look: "Look") -> "CheckReport":
    from time import monotonic, sleep

    from advisor.cli.values import seconds
    from advisor.pipeline.wait import until_ready

    if not look.live:
        wrong = "a saved profile does not change"
        raise AdvisorError(f"wait {wait}", wrong, remedy="leave --wait or --profile out")
    return until_ready(attempt, seconds(wait, "--wait"), monotonic, sleep, look.say)


def _strictness(fail_on: str, unknown_as: str) -> "Strictness":
    from advisor.judge.outcomes import Strictness
    from advisor.rule import Severity

    severity = Severity(_one_of(fail_on, tuple(Severity), "--fail-on", "severity"))
    answer = _one_of(unknown_as, UNKNOWN_AS, "--treat-unknown-as", "answer")
    return Strictness(severity, answer)  # type: ignore[arg-type]  # one of the literals


def _one_of(text: str, choices: tuple[str, ...], flag: str, what: str) -> str:
    if text not in choices:
        names = ", ".join(choices)
        raise AdvisorError(f"read {flag} {text}", f"no such {what}", remedy=f"use {names}")
    return text


def _code(report: "CheckReport", nagios: bool) -> int:
    from advisor.render.nagios import status

    return status(report) if nagios else report.exit
