"""What was decided for a phase, line by line: the plan, what it takes, what lost and why."""

from collections.abc import Iterable, Mapping

import msgspec

from advisor.estimate import Interval, timed_here
from advisor.render.sheets.sentences import place
from advisor.render.sheets.ties import ties
from advisor.render.text import few, span, times
from advisor.report import Answer, OpenLine, PlanLine, RejectedLine
from advisor.units import digits, show

_MOST_BEYOND = 3
_MOST_REJECTED = 1
_MOST_NAMED = 3
# From so many steps of shortening on reasons are left out.
_REASONS = 2
Lines = list[tuple[str, str]]


def answer_lines(
    answer: Answer, titles: Mapping[str, str], *, verbose: bool, fewer: int = 0
) -> Lines:
    """Say what was decided; ``titles`` are those of the rules, by id.

    With ``fewer`` places beyond the machine are left out, then what lost by further rules, and at
    last why the plan was preferred.
    """
    if answer.chosen is None:
        why = answer.why_none or "no plan could be decided"
        lines = [("No plan", f"{why}; to settle: {answer.settles}" if answer.settles else why)]
    else:
        lines = [("Run on", place(answer.chosen)), *_plan(answer.chosen)]
        lines += [*_next_best(answer), *ties(answer)]
        lines += _fewer(answer, answer.chosen) if fewer <= _REASONS else []
        lines += _elsewhere(answer, max(_MOST_BEYOND - fewer, 1), verbose=verbose)
    if fewer <= _REASONS:
        lines += _preferred(answer.preferred, titles, verbose=verbose)
    lines += [("Doubt", f"perhaps: {doubt.title} [{doubt.rule}]{settle(doubt)}")
              for doubt in answer.doubts]  # fmt: skip
    if verbose:
        each = [f"{place(r.plan)}: {r.because} [{r.rule}]" for r in answer.rejected]
        return lines + [("Ruled out", text) for text in each]
    return lines + _rejected(answer.rejected, titles, brief=fewer >= _REASONS)


def settle(line: OpenLine) -> str:
    """Say what would settle a question, where something would."""
    return f"; to settle: {', '.join(line.settles)}" if line.settles else ""


def _preferred(rules: Iterable[str], titles: Mapping[str, str], *, verbose: bool) -> Lines:
    """Say in the words of rules why the plan came before others that are not surely slower."""
    named = [(titles.get(rule, rule), f" [{rule}]" if verbose else "") for rule in rules]
    why = "; ".join(f"{inside(title)}{name}" for title, name in named)
    return [("Because", why)] if why else []


def inside(title: str) -> str:
    """Begin a title as inside a sentence, unless it begins with a name."""
    return title[:1].lower() + title[1:] if title[1:2].islower() or title[1:2] == " " else title


def fed_as_usual(plan: PlanLine) -> bool:
    """Whether it waits for data-loader workers whose rate is the usual one, not timed here."""
    worker = next((line for line in plan.basis if line.fact == "cpu.input_rate"), None)
    return plan.bound == "input" and worker is not None and worker.origin != "measured"


def _untimed(plan: PlanLine) -> str:
    """Say which figures that a speed rests on were not timed here."""
    if fed_as_usual(plan):
        return "; a data-loader worker's usual rate, not timed here (mlinfra bench input)"
    if timed_here(plan.basis):
        return ""
    if any(line.fact == "calibration" for line in plan.basis):
        return "; from what one of them does"
    return "; from published figures, not timed here"


def _plan(plan: PlanLine) -> Lines:
    if plan.throughput is None:
        return [("Speed", f"unknown: {plan.unpredicted}")]
    lines = [("Speed", f"{_speed(plan)}; limited by {plan.bound}{_untimed(plan)}")]
    if plan.job and plan.job_seconds:
        lines.append(("Job", f"{plan.job}: {span(plan.job_seconds)}"))
    if plan.latency and plan.streams:
        each = "a token" if plan.throughput.unit == "tokens/s" else "an answer"
        lines.append(("Latency", f"{span(plan.latency)} {each}"))
    lines += [*_streams(plan.throughput, plan.streams), *_cost(plan)]
    if plan.upload_seconds and plan.job_seconds:
        lines.append(("Upload", f"{show(plan.upload_seconds, 's')} to move the data set there"))
    if plan.memory_range:
        there = plan.memory_available
        of = f" of {show(there, 'bytes')} available" if there is not None else ""
        lines.append(("Memory", f"{span(plan.memory_range)} needed{of}"))
    return lines


def _cost(plan: PlanLine) -> Lines:
    """Say what the plan costs, where it was asked for; of what is not known, why."""
    if plan.cost is None:
        why = plan.untold.get("cost")
        fallback = "ranked by how long it takes devices"
        return [("Cost", f"unknown: {why}; {fallback}")] if why else []
    low, likely, high = (digits(x, 2) for x in msgspec.structs.astuple(plan.cost.amount)[:3])
    width = f" ({low} – {high})" if low != high else ""
    amount = f"{likely} {plan.cost.amount.unit}{width} for {plan.cost.of}"
    return [("Cost", f"{amount}; {plan.cost.rests}")]


def _streams(rate: Interval, streams: Interval | None) -> Lines:
    """Say how many streams are kept up with; of one a second each, the speed says it already."""
    if streams is None or streams == msgspec.structs.replace(rate, unit=streams.unit):
        return []
    each = f"{show(rate.likely / streams.likely, rate.unit)} each"
    sort = "readers" if rate.unit == "tokens/s" else "streams"
    if streams.likely < 1:
        return [("Keeps up", f"not even with one of the {sort} at {each}")]
    # A part of a reader reads nothing.
    low, likely, high = (f"{int(x):,}" for x in (streams.low, streams.likely, streams.high))
    return [("Keeps up", f"with {likely} ({low} – {high}) {sort} at {each}")]


def _speed(plan: PlanLine) -> str:
    """Print a rate; of what takes seconds or more, how long one takes."""
    if plan.seconds_range and plan.throughput and plan.throughput.unit == "jobs/s":
        return f"{span(plan.seconds_range)} for the whole job"
    return span(plan.throughput)


def _next_best(answer: Answer) -> Lines:
    if answer.runner_up is None or answer.faster is None:
        return [("Next best", "nothing else can run it here")]
    if answer.tied:
        settles = f"; {answer.settles} decides" if answer.settles else ""
        return [("Tied with", f"{place(answer.runner_up)}{settles}")]
    if answer.faster.high < 1:
        other = Interval(
            1 / answer.faster.high, 1 / answer.faster.likely, 1 / answer.faster.low, "1"
        )
        faster = f"{place(answer.runner_up)}: {times(other)} {_by(answer)[1]}"
        # A preferred plan stands where the other does not surely gain what the rule asks of it.
        why = ", which is not surely enough" if answer.preferred else f", if it runs{_room(answer)}"
        return [("Not taken", faster + why)]
    here = answer.chosen is not None and answer.chosen.place == answer.runner_up.place
    surely = ", without the doubt below" if here and answer.doubts else ""
    return [
        ("Next best", f"{place(answer.runner_up)}: {times(answer.faster)} {_by(answer)[0]}{surely}")
    ]


def _by(answer: Answer) -> tuple[str, str]:
    """Say what plans are compared by: money where a cost is known, else speed."""
    priced = answer.chosen is not None and answer.chosen.cost is not None
    return ("dearer", "cheaper") if priced else ("slower", "faster")


def _room(answer: Answer) -> str:
    """Say that a plan may not fit where what it may need at most is more than there is."""
    plan = answer.runner_up
    if plan is None or plan.memory_range is None or plan.memory_available is None:
        return ""
    if plan.memory_range.high <= plan.memory_available:
        return ""
    there = show(plan.memory_available, "bytes")
    return f": it may need {show(plan.memory_range.high, 'bytes')} of {there}"


def _fewer(answer: Answer, chosen: PlanLine) -> Lines:
    """Say what is lost with some of the chosen GPUs, whose others are then free for other work."""
    mine, rate = _devices(chosen), chosen.throughput
    told: dict[int, str] = {}
    for plan in answer.places:
        theirs = _devices(plan)
        if rate and plan.throughput and theirs and theirs < mine:
            slower = digits(rate.likely / plan.throughput.likely, 2)
            told.setdefault(len(theirs), f"{_would(plan)} on {len(theirs)} ({slower}× slower)")
    listed = "; ".join(told[count] for count in sorted(told, reverse=True))
    return [("Fewer GPUs", listed)] if listed else []


def _devices(plan: PlanLine) -> frozenset[str]:
    """Name the GPUs of a place; those of no GPU are none."""
    sort, _, numbers = plan.place.partition(":")
    return frozenset(numbers.split("+")) if sort == "gpu" else frozenset()


def _elsewhere(answer: Answer, most: int, *, verbose: bool) -> Lines:
    """Name places beyond the machine and what they would do, the fastest first.

    In short one of each sort, and the last of them a special-purpose chip, where one may run it.
    """
    beyond = [plan for plan in answer.places if plan.device and plan != answer.chosen]
    if verbose:
        return [("Elsewhere", f"{place(plan)}: {_told(plan)}") for plan in beyond]
    first = {plan.place: plan for plan in reversed(beyond)}
    best = [plan for plan in beyond if first[plan.place] is plan]
    chips = [plan for plan in best[most:] if plan.place == "asic"]
    shown = [*best[: most - len(chips)], *chips]
    return [("Elsewhere", f"{_named(plan)}: {_told(plan)}") for plan in shown]


def _named(plan: PlanLine) -> str:
    """Name a place beyond, and its precision where that is all that it has."""
    narrow = f" in {plan.dtype}" if plan.dtype == "int8" else ""
    return f"{plan.place} ({plan.device}){narrow}"


def _told(plan: PlanLine) -> str:
    if plan.job_seconds and plan.upload_seconds:
        return f"{_would(plan)} after {show(plan.upload_seconds, 's', 2)} of upload"
    late = plan.latency if not plan.job_seconds else None
    if plan.dtype == "int8":  # known to a factor of some four
        return span(plan.throughput)
    return _would(plan) + (f", {show(late.likely, 's', 2)} an answer" if late else "")


def _would(plan: PlanLine) -> str:
    if plan.job_seconds:
        return f"{show(plan.job_seconds.likely, 's', 2)} for the job"
    rate = plan.throughput
    return show(rate.likely, rate.unit, 2) if rate else "unknown"


def _rejected(rejected: Iterable[RejectedLine], titles: Mapping[str, str], *, brief: bool) -> Lines:
    """Say why plans were ruled out, rule by rule: of the first rule in full, of others briefly.

    What is said of this machine comes before what is said of places beyond; in brief, it alone.
    """
    by_rule: dict[str, list[RejectedLine]] = {}
    for line in sorted(rejected, key=lambda line: bool(line.plan.device)):
        by_rule.setdefault(line.rule, []).append(line)
    groups = list(by_rule.values())
    told = [_together(group) for group in groups[:_MOST_REJECTED]]
    rest = [_briefly(group, titles) for group in groups[_MOST_REJECTED:]]
    if rest and not brief:
        told.append(f"{', '.join(rest)} (-v shows each)")
    return list(zip(["Ruled out", *[""] * _MOST_REJECTED], told, strict=False))


def _briefly(group: list[RejectedLine], titles: Mapping[str, str]) -> str:
    rule = group[0].rule
    return f"{len(group)} as {inside(titles.get(rule, rule))} [{rule}]"


def _together(group: list[RejectedLine]) -> str:
    """Say in one line what one rule removed: how many plans where, and why the best of them."""
    best = group[0]
    if len(group) == 1:
        return f"{place(best.plan)}: {best.because} [{best.rule}]"
    places = list(dict.fromkeys(line.plan.place for line in group))
    return (
        f"{len(group)} plans on {few(places, _MOST_NAMED)}, such as {place(best.plan)}: "
        f"{best.because} [{best.rule}]"
    )
