"""Reads one rule: checks every key, name and unit, and notes all mistakes in one pass."""

from advisor.book import conditions
from advisor.book.conditions import Context
from advisor.book.examples import examples
from advisor.book.fields import LONGEST, Fields
from advisor.book.near import near
from advisor.book.problems import Problems
from advisor.book.tree import Document, Mapping, Scalar
from advisor.estimate import REPAIRS
from advisor.fact import SUBJECTS, Vocabulary
from advisor.rule import Condition, Effect, Rule, Severity
from advisor.units import PLAIN, quantity

KEYS = (
    *("id", "title", "for", "applies", "when", "effect", "worth", "advice", "because", "fix"),
    *("gain", "severity", "refs", "examples"),
)
TEXTS = ("title", "advice", "because")


def rule(
    document: Document, mapping: Mapping, vocabulary: Vocabulary, problems: Problems
) -> Rule | None:
    """Read a rule from a mapping; None where it has a mistake."""
    before = len(problems)
    fields = Fields(document, mapping, "rule", problems)
    fields.only(KEYS)
    fields.require("id", "title", "for", "when")
    subject = fields.choice("for", SUBJECTS, "plan")
    context = Context(document, vocabulary, subject, problems)
    when = _condition(fields, context, "when")
    applies = _condition(fields, context, "applies")
    for name in TEXTS:
        _check_names(fields, context, name)
    effect = Effect(fields.choice("effect", list(Effect), Effect.ADVISE))
    _check_effect(fields, effect, subject)
    found = [example for node in fields.nodes("examples") for example in examples(context, node)]
    read = {
        "id": fields.text("id"),
        **{name: fields.text(name) for name in TEXTS},
        "effect": effect,
        "severity": Severity(fields.choice("severity", list(Severity), Severity.INFO)),
        "fix": fields.flag("fix"),
        "worth": _worth(fields, effect),
        "gain": fields.choice("gain", REPAIRS, ""),
        "refs": fields.texts("refs"),
        "examples": tuple(found),
        "where": document.where(mapping),
    }
    if len(problems) > before or when is None:
        return None
    return Rule(subject=subject, when=when, applies=applies, **read)  # type: ignore[arg-type] # each by its name


def _condition(fields: Fields, context: Context, name: str) -> Condition | None:
    node = fields.node(name)
    return conditions.read(context, node) if node is not None else None


def _check_effect(fields: Fields, effect: Effect, subject: str) -> None:
    node = fields.node("effect")
    if node is None:
        return
    if effect in {Effect.FORBID, Effect.PREFER} and subject != "plan":
        fields.add(f"only plans can be {effect.value}-ed", node, "write for: plan")


def _worth(fields: Fields, effect: Effect) -> float:
    """Read the gain that beats a preference: a plain ratio such as 10 %."""
    scalar = fields.scalar("worth")
    if scalar is None:
        return 0.0
    read = quantity(scalar.text)
    if effect is not Effect.PREFER:
        fields.add("worth: only a prefer rule has it", scalar)
    if read is None or read[1].dimension != PLAIN or read[0] < 0:
        fields.add("worth: wants a share", scalar, "write for example 10 %")
        return 0.0
    return read[0]


def _check_names(fields: Fields, context: Context, name: str) -> None:
    """Check every {fact} of a text."""
    node = fields.node(name)
    if not isinstance(node, Scalar) or len(node.text) > LONGEST:
        return
    position = 0
    while (start := node.text.find("{", position)) >= 0:
        end = node.text.find("}", start)
        inner = node.text[start + 1 : end] if end > 0 else ""
        declared = context.vocabulary.get(inner)
        if declared is None or not declared.visible(context.subject):
            wrong = f"no fact is called {inner[:60]!r} here"
            fields.add(wrong, node, near(inner, context.vocabulary), start + 1)
        position = end if end > 0 else len(node.text)
