"""``mlinfra check``: a gate for provisioning scripts."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from advisor.cli import complete
from advisor.cli.output import Output, carrying, emit, targets, word
from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from advisor.judge.outcomes import Strictness
    from advisor.pipeline.look import Look
    from advisor.profile import Profile
    from advisor.report import CheckReport
    from advisor.rule import Policy

SHORT = "Judge this machine by policies, with an exit code."
EXAMPLES = """\b
Examples:
  mlinfra check workstation
  mlinfra check ./my-policy.yaml --profile node7.json --format json
  mlinfra check gpu-node --wait 5m --output junit=report.xml
  mlinfra check gpu-node --require "machine.gpus == 8" --require "gpu.memory >= 75 GiB"
  mlinfra check --record here.yaml --runs 5 && mlinfra check here.yaml --bench
  mlinfra check workstation --fail-on warning && echo ready
"""
UNKNOWN_AS = ("unknown", "fail", "pass")
FORMATS = ("junit", "tap", "sarif", "nagios", "prometheus", "github")

Names = typer.Argument(
    None,
    metavar="POLICY...",
    help="Shipped policies' names, policy or rule files, or folders.",
    autocompletion=complete.policy,
)
Saved = typer.Option(None, "--profile", help="Check a saved profile.")
Folders = typer.Option([], "--rules", help="A folder with more rules.")
Require = typer.Option(
    [], "--require", metavar="CONDITION", help="A condition that must hold; see `mlinfra facts`."
)
Bench = typer.Option(False, "--bench", help="Time first what the rules ask for.")
Time = typer.Option("20s", "--time", help="How long --bench, or each run of --record, may take.")
FailOn = typer.Option("error", "--fail-on", help="Least severity that fails: error, warning, info.")
UnknownAs = typer.Option(
    "unknown", "--treat-unknown-as", help="What an open question is: unknown, fail, pass."
)
Wait = typer.Option(None, "--wait", help="Ask again until all pass, for so long: 5m.")
Timeout = typer.Option("15s", "--timeout", help="How long drivers may take in all.")
Limit = typer.Option(None, "--limit", help="How long all of it may take; then exit 3.")
Record = typer.Option(
    None, "--record", help="Write a policy with limits from this machine's own measurements."
)
Runs = typer.Option(5, "--runs", help="How many runs --record makes.")
Nagios = typer.Option(
    False, "--nagios", help="Speak to Nagios: its format, and its exit codes 0, 1, 2, 3."
)
Verbose = typer.Option(False, "--verbose", "-v", help="Show what passed too.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check", epilog=EXAMPLES, short_help=SHORT)(check)


def check(
    policies: list[str] | None = Names,
    form: str = carrying(*FORMATS),
    output: list[str] = Output,
    profile: Path | None = Saved,
    rules: list[Path] = Folders,
    require: list[str] = Require,
    bench: bool = Bench,
    time: str = Time,
    fail_on: str = FailOn,
    unknown_as: str = UnknownAs,
    wait: str | None = Wait,
    timeout: str = Timeout,
    limit: str | None = Limit,
    record: Path | None = Record,
    runs: int = Runs,
    nagios: bool = Nagios,
    verbose: bool = Verbose,
) -> int:
    """Judge this machine by policies: exit 0 if all passed, 1 if one failed, 3 if it is open."""
    from advisor.cli.limit import within
    from advisor.cli.values import seconds
    from advisor.pipeline.look import Look

    targets(form, output)
    look = Look(profile=profile, timeout=seconds(timeout, "--timeout"), say=word)
    strictness = _strictness(fail_on, unknown_as)
    if record:
        return _record(record, runs, look, time, limit)
    folders = tuple(rules)
    asked = _asked(policies or [], folders, require, look)
    with within(limit):
        report = _report(asked, folders, look, strictness, time if bench else None, wait)
    emit(report, "nagios" if nagios else form, output, verbose=verbose, live=look.live)
    return _code(report, nagios)


def _asked(
    names: list[str], folders: tuple[Path, ...], demands: list[str], look: "Look"
) -> "tuple[Policy, ...]":
    """Read what is to be checked, and say which rules stand in the place of others."""
    from advisor.pipeline import check as room
    from advisor.pipeline.folders import tell_replaced

    if not names and not demands:
        raise AdvisorError("check the machine", "Missing argument POLICY", remedy="name one")
    policies = room.policies(names, folders, demands)
    tell_replaced((rule for policy in policies for rule in policy.rules), look.say)
    return policies


def _report(
    policies: "tuple[Policy, ...]",
    folders: tuple[Path, ...],
    look: "Look",
    strictness: "Strictness",
    time: str | None,
    wait: str | None,
) -> "CheckReport":
    """Look, time and judge once, or until ready."""
    from advisor.pipeline import check as room
    from advisor.pipeline.look import probe

    wanted = room.benchmarks(policies) if time else ()

    def attempt() -> "CheckReport":
        profile = _timed(look, time, wanted) if time and wanted else probe(look)
        return room.check(policies, profile, strictness, folders)

    if time and not wanted:
        look.say("nothing to time: no rule asks for a measured number")
    return _ready(attempt, wait, look) if wait else attempt()


def _record(path: Path, runs: int, look: "Look", time: str, limit: str | None) -> int:
    """Measure as often as asked, and write what a healthy machine keeps to."""
    from advisor import store
    from advisor.cli.limit import within
    from advisor.cli.timing import timed
    from advisor.pipeline.record import enough, policy

    enough(runs)
    with within(limit):
        profiles = [timed(look, time, None) for _ in range(runs)]
    text = policy(profiles, path.stem)
    store.write_whole(path, text.encode(), "write the policy")
    print(f"{path}: {text.count('  - id: ')} limits from {runs} runs")
    print("\n".join(line for line in text.splitlines() if line.startswith("#")))
    return 0


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
