"""What the rules say: gates of every plan, advice of the machine and of plans that are laid out."""

from collections.abc import Callable, Mapping, Sequence

from advisor import judge
from advisor.advice import Decision, Verdict
from advisor.fact import Facts, SubjectSet
from advisor.pipeline.answer import laid_out
from advisor.rule import Rule
from advisor.vocabulary import declared

Decide = Callable[[Sequence[Verdict]], dict[str, Decision]]


def heard(
    rules: Sequence[Rule], facts: Facts, decide: Decide, *, explain: bool
) -> tuple[tuple[Verdict, ...], dict[str, Decision]]:
    """Decide by the gates, and return that with all verdicts, in the order of the rules.

    To ``explain`` hears advice on every plan, and also what neither fires nor is unknown; else
    nobody asks for that, nor for advice on plans that came nowhere.
    """
    hear = judge.judge if explain else judge.speaking
    gates = hear([rule for rule in rules if rule.gate], facts, declared())
    decisions = decide(gates)
    told = facts if explain else _about(facts, decisions)
    advice = [rule for rule in rules if not rule.gate]
    order = {rule.id: number for number, rule in enumerate(rules)}
    verdicts = (*gates, *hear(advice, told, declared()))
    return tuple(sorted(verdicts, key=lambda verdict: order[verdict.rule])), decisions


def _about(facts: Facts, decisions: Mapping[str, Decision]) -> Facts:
    """Leave of the plans only those that the answer lays out."""
    named = {estimate.plan.id for d in decisions.values() for estimate in laid_out(d)}
    plans = facts.sets["plan"]
    members = tuple(one for one in plans.members if one.id in named)
    return Facts({**facts.sets, "plan": SubjectSet(members, plans.unseen)})
