"""Rules and policies as values; they hold conditions, and run nothing."""

from enum import StrEnum
from typing import Literal

import msgspec

from advisor.errors import Where
from advisor.fact import Fact, Kind
from advisor.units import PLAIN, Dimension


class Effect(StrEnum):
    """What a rule does when it fires."""

    FORBID = "forbid"
    PREFER = "prefer"
    ADVISE = "advise"
    REQUIRE = "require"


class Severity(StrEnum):
    """How bad it is; how sure is computed, not typed."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Constant(msgspec.Struct, frozen=True, tag="constant"):
    """A quantity in base units, a word, a version or a flag; ``text`` is how it was written."""

    value: float | str | bool
    text: str
    dimension: Dimension = PLAIN


class Name(msgspec.Struct, frozen=True, tag="name"):
    """A fact's name in an expression."""

    name: str


class Arithmetic(msgspec.Struct, frozen=True, tag="arithmetic"):
    """Two expressions and an operator."""

    operator: Literal["+", "-", "*", "/"]
    left: "Expression"
    right: "Expression"


Expression = Constant | Name | Arithmetic


def named(*expressions: Expression) -> tuple[str, ...]:
    """Return the facts that expressions name, in order, each once."""
    found: dict[str, None] = {}
    for expression in expressions:
        if isinstance(expression, Name):
            found[expression.name] = None
        elif isinstance(expression, Arithmetic):
            found |= dict.fromkeys(named(expression.left, expression.right))
    return tuple(found)


Operator = Literal["<", "<=", "==", "!=", ">=", ">"]


class Comparison(msgspec.Struct, frozen=True, tag="comparison"):
    """Two expressions of one kind compared; ``text`` is the line as its author wrote it.

    ``facts`` are those that it names, in order: all must be known for it to be decided.
    """

    kind: Kind
    operator: Operator
    left: Expression
    right: Expression
    facts: tuple[str, ...]
    text: str
    where: Where


class Membership(msgspec.Struct, frozen=True, tag="membership"):
    """Whether an expression equals one of some literals of its kind."""

    kind: Kind
    left: Expression
    choices: tuple[Constant, ...]
    facts: tuple[str, ...]
    text: str
    where: Where


class Existence(msgspec.Struct, frozen=True, tag="existence"):
    """``exists x`` / ``absent x``: the only tests that tell missing from unknown."""

    name: str
    wanted: bool
    text: str
    where: Where


class Block(msgspec.Struct, frozen=True, tag="block"):
    """``all``, ``any`` or ``not`` (of one) conditions."""

    kind: Literal["all", "any", "not"]
    parts: tuple["Condition", ...]
    where: Where


Condition = Comparison | Membership | Existence | Block


class Example(msgspec.Struct, frozen=True):
    """Facts, and the verdict that the rule must give on them; facts not listed are unknown."""

    expect: Literal["fires", "quiet", "unknown", "not-applicable"]
    facts: tuple[Fact, ...]
    where: Where


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule: about what, when, and what follows.

    ``worth`` (of a `prefer` rule) is the gain that another plan must surely bring to be chosen
    over a preferred one: 0.1 is 10 %. ``gain`` names the repair whose gain for the plans is told
    beside the advice. ``replaces`` is where the rule of the same id stood before.
    """

    id: str
    title: str
    subject: str
    when: Condition
    applies: Condition | None = None
    effect: Effect = Effect.ADVISE
    severity: Severity = Severity.INFO
    advice: str = ""
    because: str = ""
    fix: bool = False
    worth: float = 0.0
    gain: str = ""
    refs: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    where: Where
    replaces: Where | None = None

    @property
    def gate(self) -> bool:
        """Whether it chooses among plans; what other rules say of them is advice."""
        return self.subject == "plan" and self.effect in {Effect.FORBID, Effect.PREFER}


class Waiver(msgspec.Struct, frozen=True):
    """Someone's word that a rule may fail until a day (ISO date)."""

    rule: str
    reason: str
    owner: str
    expires: str


class Recorded(msgspec.Struct, frozen=True):
    """On what, and by how many runs, the limits of a recorded policy were measured."""

    hardware: str
    software: str
    runs: int
    taken: str


class Policy(msgspec.Struct, frozen=True):
    """A named set of rules for `check`.

    Limits that were ``recorded`` hold the noise of a further run already: measurements are judged
    by their value, without the width they carry.
    """

    name: str
    rules: tuple[Rule, ...]
    waivers: tuple[Waiver, ...] = ()
    title: str = ""
    recorded: Recorded | None = None


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """What lint says of a rule: an error keeps it out of a base, a warning does not."""

    rule: str
    severity: Severity
    wrong: str
    remedy: str = ""
    where: Where
