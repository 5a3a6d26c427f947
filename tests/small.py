"""A small vocabulary and short ways to make facts, for tests of rules."""

from advisor.fact import Declaration, Fact, Facts, Kind, Origin, Status, Subject, SubjectSet

MEASURED = {"origin": Origin.MEASURED, "settles": "mlinfra bench"}
PREDICTED = {"origin": Origin.PREDICTED, "settles": "mlinfra bench matmul"}


def declare(name, unit="", **more):
    more.setdefault("origin", Origin.PROBED)
    return Declaration(name=name, unit=unit, meaning=f"what {name} is", **more)


VOCABULARY = {
    declared.name: declared
    for declared in [
        declare("cpu.cores"),
        declare("cpu.threads"),
        declare("cpu.vendor", kind=Kind.TEXT),
        declare("memory.total", "bytes"),
        declare("memory.copy", "bytes/s", **MEASURED),
        declare("software.driver", kind=Kind.VERSION, optional=True),
        declare("workload.phase", kind=Kind.TEXT, words=("training", "inference")),
        declare("constraint.offline", kind=Kind.FLAG),
        declare("gpu.vendor", kind=Kind.TEXT, subject="gpu"),
        declare("gpu.memory", "bytes", subject="gpu"),
        declare("gpu.temperature", "°C", subject="gpu"),
        declare("gpu.power_limit", "W", subject="gpu", optional=True),
        declare("gpu.matmul_peak.fp16", "FLOP/s", subject="gpu", **MEASURED),
        declare("plan.place", kind=Kind.TEXT, subject="plan"),
        declare("plan.memory", "bytes", subject="plan", **PREDICTED),
        declare("plan.input_share", "%", subject="plan", **PREDICTED),
        declare("plan.input_rate", "samples/s", subject="plan", family="input", **PREDICTED),
        declare("plan.compute_rate", "samples/s", subject="plan", family="input", **PREDICTED),
        declare("plan.workers_needed", subject="plan", **PREDICTED),
    ]
}


def fact(name, value=None, low=None, high=None, status=None):
    status = status or (Status.UNKNOWN if value is None and low is None else Status.KNOWN)
    if value is None and low is not None:
        value = (low + high) / 2
    return Fact(name=name, status=status, value=value, low=low, high=high)


def known(values):
    """Facts from plain values: a pair is an interval, None unknown, a Status itself."""
    made = {}
    for name, value in values.items():
        if isinstance(value, Status):
            made[name] = fact(name, status=value)
        elif isinstance(value, tuple):
            made[name] = fact(name, None, *value)
        else:
            made[name] = fact(name, value)
    return made


def facts(unseen=None, **sets):
    """Facts by set: ``facts(gpu={"gpu:0": {…}})``."""
    return Facts(
        {
            kind: SubjectSet(tuple(Subject(name, known(v)) for name, v in members.items()), unseen)
            for kind, members in sets.items()
        }
    )
