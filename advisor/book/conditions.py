"""Reads conditions: one line each, or `all`, `any` and `not` blocks of them."""

import msgspec

from advisor.book.expressions import Expressions, Typed
from advisor.book.lexer import Fault, Sort, Token
from advisor.book.near import near
from advisor.book.problems import Problems
from advisor.book.tree import Document, Mapping, Node, Scalar, Sequence
from advisor.errors import Where
from advisor.fact import Declaration, Kind, Vocabulary
from advisor.rule import Block, Comparison, Condition, Constant, Existence, Membership, named
from advisor.units import spell

Line = Comparison | Membership | Existence
COMPARISONS = ("<", "<=", "==", "!=", ">=", ">")
EQUALITIES = ("==", "!=")
BLOCKS = ("all", "any", "not")
ATTEMPT = "read a condition"
_SPACES = "minus and plus between facts are written with spaces"


class Context(msgspec.Struct):
    """What a condition is read against, and the mistakes found so far."""

    document: Document
    vocabulary: Vocabulary
    subject: str
    problems: Problems

    def add(self, wrong: str, node: Node, offset: int = 0, remedy: str = "") -> None:
        """Note a mistake and go on."""
        error = self.document.error(ATTEMPT, wrong, node, offset=offset, remedy=remedy)
        self.problems.note(error)


def read(context: Context, node: Node) -> Condition | None:
    """Read a condition; None where it has a mistake, which is then among the problems."""
    if isinstance(node, Scalar):
        try:
            where = context.document.where(node)
            return line(node.text, where, context.vocabulary, context.subject)
        except Fault as fault:
            context.add(fault.wrong, node, fault.offset, fault.remedy)
            return None
    if isinstance(node, Mapping):
        return _block(context, node)
    context.add("a list where a condition should be", node, remedy="write all: or any: before it")
    return None


def _block(context: Context, node: Mapping) -> Condition | None:
    key = next(iter(node.entries), "")
    if len(node.entries) != 1 or key not in BLOCKS:
        wrong = f"{key!r} where one of all:, any:, not: should stand alone"
        context.add(wrong, node, remedy=near(key, BLOCKS))
        return None
    value = node.entries[key].value
    if key == "not":
        nodes = [value]
    elif isinstance(value, Sequence) and value.items:
        nodes = value.items
    else:
        context.add(f"{key}: wants a list of conditions", node.entries[key].key)
        return None
    parts = [read(context, part) for part in nodes]
    found = tuple(part for part in parts if part is not None)
    where = context.document.where(node)
    return Block(key, found, where) if len(found) == len(parts) else None  # type: ignore[arg-type] # one of BLOCKS


def line(text: str, where: Where, vocabulary: Vocabulary, subject: str) -> Line:
    """Read one comparison, membership or existence; raises Fault at the first mistake."""
    reader = Expressions(text, vocabulary, subject)
    if reader.next.text in {"exists", "absent"}:
        condition: Line = _existence(reader, where)
    else:
        left = reader.expression()
        operator = reader.take()
        if operator.text == "in":
            condition = _membership(reader, left, operator, where)
        elif operator.text in COMPARISONS and operator.sort is Sort.SIGN:
            condition = _comparison(reader, left, operator, where)
        else:
            raise _no_operator(left, operator)
    _ended(reader)
    if not isinstance(condition, Existence) and not condition.facts:
        raise Fault(0, "a condition that names no fact")
    return condition


def _no_operator(left: Typed, token: Token) -> Fault:
    shown = repr(token.text) if token.text else "the end"
    remedy = "write `… == true`" if left.kind is Kind.FLAG else ""
    return Fault(token.start, f"{shown} where a comparison should be", remedy)


def _ended(reader: Expressions) -> None:
    token = reader.next
    if token.sort is Sort.END:
        return
    remedy = ""
    if token.text in COMPARISONS:
        remedy = "one comparison to a line; join them in an all: block"
    elif token.text in {"and", "or", "&&", "||"}:
        remedy = f"write an {'all' if token.text == 'and' else 'any'}: block"
    elif token.sort is Sort.NUMBER:
        remedy = _SPACES
    raise Fault(token.start, f"{token.text!r} after the end of the condition", remedy)


def _existence(reader: Expressions, where: Where) -> Existence:
    wanted = reader.take().text == "exists"
    token = reader.take()
    if token.sort is not Sort.WORD:
        raise Fault(token.start, "a fact's name should stand here")
    return Existence(reader.declaration(token).name, wanted, reader.text, where)


def _comparison(reader: Expressions, left: Typed, operator: Token, where: Where) -> Comparison:
    sign = operator.text
    if left.kind in {Kind.TEXT, Kind.FLAG} and sign not in EQUALITIES:
        raise Fault(operator.start, f"a {left.kind} has no order", "write ==, != or in")
    _refuse_equality(left, operator)
    right = _right(reader, left)
    _alike(left, right)
    _refuse_equality(right, operator)
    sides = left.expression, right.expression
    return Comparison(left.kind, sign, *sides, named(*sides), reader.text, where)  # type: ignore[arg-type] # one of COMPARISONS


def _refuse_equality(side: Typed, operator: Token) -> None:
    if side.wide and operator.text in {*EQUALITIES, "in"}:
        wrong = f"{side.wide} has a width, so equality is never certain"
        raise Fault(operator.start, wrong, "write <= or >=")


def _alike(left: Typed, right: Typed) -> None:
    if left.kind is not right.kind:
        raise Fault(right.start, f"a {left.kind} is not compared with a {right.kind}")
    if left.dimension != right.dimension:
        both = f"{spell(left.dimension)} is not compared with {spell(right.dimension)}"
        raise Fault(right.start, both)


def _right(reader: Expressions, left: Typed) -> Typed:
    if left.kind is Kind.NUMBER:
        return reader.expression()
    token = reader.next
    if token.sort is Sort.WORD and token.text in reader.vocabulary:
        return reader.expression()
    return Typed(_literal(reader, left), left.kind, left.dimension, token.start)


def _membership(reader: Expressions, left: Typed, operator: Token, where: Where) -> Membership:
    _refuse_equality(left, operator)
    reader.expect("[")
    choices = [_literal(reader, left)]
    while reader.next.text == ",":
        reader.take()
        choices.append(_literal(reader, left))
    reader.expect("]")
    facts = named(left.expression)
    return Membership(left.kind, left.expression, tuple(choices), facts, reader.text, where)


def _literal(reader: Expressions, left: Typed) -> Constant:
    """Read a constant of the left side's kind."""
    token = reader.take()
    if left.kind is Kind.NUMBER:
        return _number(reader, left, token)
    if left.kind is Kind.FLAG:
        return _flag(token)
    value = token.text.strip("\"'") if token.sort is Sort.STRING else token.text
    if left.kind is Kind.VERSION:
        return _version(token, value)
    if token.sort not in {Sort.WORD, Sort.STRING}:
        raise Fault(token.start, f"{token.text!r} where a word should be", "quote it")
    _known_word(reader, left.fact, token, value)
    return Constant(value, token.text)


def _number(reader: Expressions, left: Typed, token: Token) -> Constant:
    sign = -1 if token.text == "-" else 1
    token = reader.take() if sign < 0 else token
    if token.sort is not Sort.NUMBER:
        raise Fault(token.start, f"{token.text!r} where a number should be")
    typed = reader.number(token, sign)
    _alike(left, typed)
    return typed.expression  # type: ignore[return-value] # number() makes constants


def _flag(token: Token) -> Constant:
    if token.text not in {"true", "false"}:
        raise Fault(token.start, f"{token.text!r} where true or false should be")
    return Constant(token.text == "true", token.text)


def _version(token: Token, value: str) -> Constant:
    if token.unit or not value[:1].isdigit():
        raise Fault(token.start, f"{token.text!r} where a version such as 550.54 should be")
    return Constant(value, token.text)


def _known_word(reader: Expressions, fact: Declaration | None, token: Token, value: str) -> None:
    if token.sort is Sort.WORD and "." in value:
        heads = {name.partition(".")[0] for name in reader.vocabulary}
        if value.partition(".")[0] in heads:
            hint = near(value, reader.vocabulary) or "quote it if it is a text"
            raise Fault(token.start, f"no fact is called {value!r}", hint)
    if fact and fact.words and value not in fact.words:
        raise Fault(token.start, f"{fact.name} is never {value!r}", near(value, fact.words))


def names(condition: Condition) -> set[str]:
    """Return every fact that a condition names."""
    if isinstance(condition, Block):
        return {name for part in condition.parts for name in names(part)}
    if isinstance(condition, Existence):
        return {condition.name}
    return set(condition.facts)
