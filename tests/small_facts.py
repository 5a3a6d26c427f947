"""Small reports of facts, and hostile ones, for tests of what other tools read."""

from hypothesis import strategies as st

from advisor.fact import Fact, Status
from advisor.stated import FactLine, FactReport
from tests.checks import NASTY


def fact_line(name: str, *, subject: str = "machine", **values: Fact) -> FactLine:
    """A declared fact with its value for each subject; ``gpu_0`` stands for gpu:0."""
    return FactLine(
        name=name, kind="number", unit="", meaning="what it is", origin="probed", subject=subject,
        settles=None, values={key.replace("_", ":"): fact for key, fact in values.items()},
    )  # fmt: skip


def fact_report(*lines: FactLine) -> FactReport:
    return FactReport(tool="0.1.0", profile="abc", taken="2026-01-01T00:00:00Z", facts=lines)


def known(value) -> Fact:
    return Fact(name="", value=value)


UNKNOWN = Fact(name="", status=Status.UNKNOWN, why="no cpufreq\ndirectory")
FEW = fact_report(
    fact_line("cpu.cores", machine=known(4.0)),
    fact_line("cpu.model", machine=known("Intel's Xeon @ 2.6 GHz")),
    fact_line("cpu.isa.avx2", machine=known(True)),
    fact_line("cpu.governor", machine=UNKNOWN),
    fact_line("software.torch", machine=Fact(name="", status=Status.MISSING)),
    fact_line("gpu.memory", subject="gpu", gpu_0=known(1e10), gpu_1=UNKNOWN),
    fact_line("gpu.utilization", subject="gpu", gpu_0=known(0.25)),
)

VALUES = st.one_of(
    NASTY.map(known), st.floats(allow_nan=False, allow_infinity=False).map(known),
    st.booleans().map(known), NASTY.map(lambda why: Fact(name="", status=Status.UNKNOWN, why=why)),
)  # fmt: skip


@st.composite
def hostile_facts(draw) -> FactReport:
    """Facts with our names, whose values and subjects may hold anything."""
    names = draw(st.lists(st.sampled_from(["cpu.a", "cpu.b.c", "gpu.d"]), unique=True, max_size=3))
    subjects = st.dictionaries(NASTY | st.just("machine"), VALUES, max_size=2)
    return fact_report(*(
        FactLine(name=name, kind="text", unit="", meaning="m", origin="probed", subject="x",
                 settles=None, values=draw(subjects))
        for name in names
    ))  # fmt: skip
