"""Small reports of checks, and hostile ones, that tests of every dialect speak of."""

import msgspec
from hypothesis import strategies as st

from advisor.judge.outcomes import Strictness, counts, exit_code
from advisor.report import CheckReport, Outcome

STANDINGS = {
    "pass": "pass", "fail": "fail", "unknown": "open", "not-applicable": "excused",
    "waived": "excused",
}  # fmt: skip


def line(rule: str, outcome: str, subject: str = "machine", **more) -> Outcome:
    """One outcome of the policy workstation, of severity error."""
    told = Outcome(
        policy="workstation",
        rule=rule,
        subject=subject,
        outcome=outcome,
        standing=STANDINGS[outcome],
        severity="error",
        title="Title",
        message="Because.",
        values={},
        units={},
        settles=("mlinfra bench",) if outcome == "unknown" else (),
        waiver="waived by ann until 2027-01-01: a fan" if outcome == "waived" else "",
        file="f.yaml",
        line=1,
    )
    return msgspec.structs.replace(told, **more)


def report(*outcomes: Outcome) -> CheckReport:
    """A report of these outcomes, its counts and exit code as they follow."""
    strictness = Strictness()
    return CheckReport(
        tool="0.1.0",
        profile="abc",
        taken="2026-01-01T00:00:00Z",
        policies=tuple(dict.fromkeys(o.policy for o in outcomes)),
        fail_on=strictness.fail_on,
        unknown_as=strictness.unknown_as,
        outcomes=outcomes,
        counts=counts(o.outcome for o in outcomes),
        exit=exit_code([o.standing for o in outcomes]),
    )


EACH = report(
    line("fine", "pass", values={"memory.total": 8.0, "cpu.vendor": "Intel"},
         units={"memory.total": "bytes"}),
    line("bad", "fail", "gpu:0", values={"gpu.matmul_peak.bf16": 3e13, "gpu.temperature": 71.5}),
    line("open", "unknown", values={"memory.triad": None}),
    line("elsewhere", "not-applicable"),
    line("excused", "waived"),
    line("small", "fail", severity="warning", standing="minor"),
    line("other", "pass", policy="gpu-node"),
)  # fmt: skip

# What rule files and device names may hold to break a format: its own signs and control characters.
NASTY = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="<>&\"'#\\%:,;|=\n\r\t\0\x1b\x85\u2028\ufffe`*_[]@{}-.x ", max_size=30),
    st.sampled_from(["]]>", "-->", "::error::x", "# SKIP", "...", "1..9", "Bail out!", "|", "'"]),
)


@st.composite
def hostile(draw) -> CheckReport:
    """A report whose every foreign text may be nasty."""
    outcomes = {}
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(sorted(STANDINGS)))
        told = line(
            draw(NASTY), kind, draw(NASTY), policy=draw(NASTY), title=draw(NASTY),
            message=draw(NASTY), waiver=draw(NASTY), file=draw(NASTY),
            settles=tuple(draw(st.lists(NASTY, max_size=2))),
            values=draw(st.dictionaries(NASTY, st.one_of(NASTY, st.floats(allow_nan=False)),
                                        max_size=2)),
        )  # fmt: skip
        outcomes[told.policy, told.rule, told.subject] = told
    return report(*outcomes.values())
