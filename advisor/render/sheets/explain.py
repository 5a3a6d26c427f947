"""Why a rule fired, or not: every condition with the values it met, their origin and width."""

from rich.console import RenderableType

from advisor.advice import Step, Truth, Verdict
from advisor.fact import Fact, Origin, Status
from advisor.render.sheets.layout import heading, words
from advisor.render.text import FIGURES, ends
from advisor.units import show

_ANSWERS = {True: "true", False: "false", None: "unknown"}


def conditions(verdicts: tuple[Verdict, ...]) -> list[RenderableType]:
    """Lay out the conditions of all rules that could be put to something."""
    sheet: list[RenderableType] = [heading("Why (each condition with its values)")]
    for verdict in verdicts:
        if verdict.truth is not Truth.NOT_APPLICABLE:
            sheet += one(verdict)
    return sheet


def one(verdict: Verdict) -> list[RenderableType]:
    """Lay out one verdict: its truth, then the steps to it, then what would settle it."""
    title = f"{verdict.rule} on {verdict.subject}: {verdict.truth}"
    style = {Truth.FIRES: verdict.severity, Truth.UNKNOWN: "dim"}.get(verdict.truth, "")
    lines = [words(title, style)]
    lines += [words(_step(step), indent=4 + 2 * step.depth) for step in verdict.steps]
    lines += [words(f"to settle: {command}", indent=4) for command in verdict.settles]
    return lines


def _step(step: Step) -> str:
    values = "; ".join(value(fact) for fact in step.facts)
    return f"{_ANSWERS[step.answer]}: {step.text}{f'  [{values}]' if values else ''}"


def value(fact: Fact) -> str:
    """Print a fact with its width and origin."""
    if fact.status is not Status.KNOWN:
        why = f": {fact.why}" if fact.why else ""
        return f"{fact.name} is {fact.status}{why}"
    width = ""
    if fact.low is not None and fact.high is not None:
        width = f" ({ends(fact.low, fact.high, fact.unit)})"
    return f"{fact.name} = {_plain(fact)}{width}, {fact.origin}"


def _plain(fact: Fact) -> str:
    if isinstance(fact.value, bool):
        return str(fact.value).lower()
    if isinstance(fact.value, int | float):
        return show(fact.value, fact.unit, 3 if fact.origin is Origin.PREDICTED else FIGURES)
    return str(fact.value)
