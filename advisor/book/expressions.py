"""Parses the arithmetic of conditions, checking names and units as it goes.

A Pratt parser: each operator has a strength, and an expression ends where a weaker one stands.
"""

import msgspec

from advisor.book.lexer import Fault, Sort, Token, tokens
from advisor.book.near import near
from advisor.fact import Declaration, Kind, Vocabulary
from advisor.rule import Arithmetic, Constant, Expression, Name
from advisor.units import PLAIN, Dimension, divide, multiply, quantity, spell

STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}
DEPTH = 32  # parentheses, and as many operators: a line is to be read aloud


class Typed(msgspec.Struct, frozen=True):
    """An expression with what it is: its kind, its dimension, and where it starts."""

    expression: Expression
    kind: Kind
    dimension: Dimension
    start: int
    fact: Declaration | None = None
    wide: str = ""  # a fact with width somewhere inside, by name


class Expressions:
    """The tokens of one condition, read from left to right."""

    def __init__(self, text: str, vocabulary: Vocabulary, subject: str) -> None:
        """Cut the text; names are looked up in the vocabulary as this subject sees it."""
        self.text = text
        self.tokens = tokens(text)
        self.at = 0
        self.vocabulary = vocabulary
        self.subject = subject
        self.depth = 0
        operators = [token for token in self.tokens if token.text in STRENGTH]
        if len(operators) > DEPTH:
            raise Fault(operators[DEPTH].start, f"more than {DEPTH} operators in one condition")

    @property
    def next(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.at]

    def take(self) -> Token:
        """Read one token."""
        token = self.next
        self.at += token.sort is not Sort.END
        return token

    def expect(self, text: str) -> None:
        """Read exactly this sign."""
        if self.next.text != text or self.next.sort is not Sort.SIGN:
            raise Fault(self.next.start, f"{self.shown()} where {text!r} should be")
        self.take()

    def shown(self) -> str:
        """Name the next token in a message."""
        return repr(self.next.text) if self.next.text else "the end"

    def declaration(self, token: Token) -> Declaration:
        """Look a fact up; raises Fault with the nearest name."""
        found = self.vocabulary.get(token.text)
        if found is None:
            visible = (n for n, d in self.vocabulary.items() if d.visible(self.subject))
            wrong = f"no fact is called {token.text!r}"
            raise Fault(token.start, wrong, near(token.text, visible))
        if not found.visible(self.subject):
            wrong = f"{token.text} is not visible to a rule for: {self.subject}"
            raise Fault(token.start, wrong, f"write for: {found.subject}, or for: plan")
        return found

    def expression(self, weakest: int = 0) -> Typed:
        """Read an expression whose operators are all stronger than ``weakest``."""
        left = self._operand()
        while self.next.sort is Sort.SIGN and STRENGTH.get(self.next.text, 0) > weakest:
            operator = self.take()
            right = self.expression(STRENGTH[operator.text])
            left = _combine(left, operator, right)
        return left

    def _operand(self) -> Typed:
        token = self.take()
        if token.sort is Sort.NUMBER:
            return self.number(token)
        if token.sort is Sort.WORD:
            return self._name(token)
        if token.text == "(":
            return self._group(token)
        if token.text == "-" and self.next.sort is Sort.NUMBER:
            return self.number(self.take(), sign=-1)
        shown = repr(token.text) if token.text else "the end"
        raise Fault(token.start, f"{shown} where a fact or a number should be")

    def _group(self, token: Token) -> Typed:
        self.depth += 1
        if self.depth > DEPTH:
            raise Fault(token.start, f"more than {DEPTH} parentheses")
        inner = self.expression()
        self.expect(")")
        self.depth -= 1
        return inner

    def _name(self, token: Token) -> Typed:
        found = self.declaration(token)
        read = quantity(f"1 {found.unit or '1'}")
        dimension = read[1].dimension if read else PLAIN
        wide = found.name if found.wide else ""
        return Typed(Name(found.name), found.kind, dimension, token.start, found, wide)

    def number(self, token: Token, sign: int = 1) -> Typed:
        """Read a quantity into base units."""
        bare = token.text[: len(token.text) - len(token.unit)]
        read = quantity(f"{bare} {token.unit}")
        if read is None:
            raise Fault(token.start, f"{token.text!r} is not a number", "quote it if it is a text")
        shown = "-" * (sign < 0) + token.text
        constant = Constant(sign * read[0], shown, read[1].dimension)
        return Typed(constant, Kind.NUMBER, read[1].dimension, token.start)


def _combine(left: Typed, operator: Token, right: Typed) -> Typed:
    for side in (left, right):
        if side.kind is not Kind.NUMBER:
            raise Fault(side.start, f"arithmetic on a {side.kind}")
    sign = operator.text
    if sign in "+-":
        if left.dimension != right.dimension:
            both = f"{spell(left.dimension)} and {spell(right.dimension)}"
            raise Fault(operator.start, f"{both} do not add")
        dimension = left.dimension
    elif sign == "*":
        dimension = multiply(left.dimension, right.dimension)
    else:
        dimension = divide(left.dimension, right.dimension)
    whole = Arithmetic(sign, left.expression, right.expression)  # type: ignore[arg-type] # one of four
    return Typed(whole, Kind.NUMBER, dimension, left.start, wide=left.wide or right.wide)
