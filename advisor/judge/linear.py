"""Arithmetic in collected form: a number plus coefficients times terms.

A term is a fact, or a product or quotient of two forms neither of which is a number. Equal terms
are added up before any value is looked at, so that `a < 0.9 * a` is decided however wide `a` is.
Numbers are exact: a double stands for the shortest decimal that prints like it.
"""

from fractions import Fraction
from typing import Union

import msgspec

from advisor.rule import Arithmetic, Constant, Expression, Name


class Product(msgspec.Struct, frozen=True):
    """Two forms multiplied, in an order that does not depend on how they were written."""

    left: "Form"
    right: "Form"


class Quotient(msgspec.Struct, frozen=True):
    """One form over another."""

    above: "Form"
    below: "Form"


Term = Union[str, Product, Quotient]  # noqa: UP007 -- forward names do not join with |


class Form(msgspec.Struct, frozen=True):
    """``constant`` plus each coefficient times its term; terms differ and are in order."""

    constant: Fraction
    terms: tuple[tuple[Term, Fraction], ...] = ()

    @property
    def number(self) -> bool:
        """Whether no fact is left in it."""
        return not self.terms


def exact(value: float) -> Fraction:
    """Return the shortest decimal that prints like the value, as a fraction."""
    return Fraction(int(value)) if value == int(value) else Fraction(repr(value))


def collect(expression: Expression) -> Form:
    """Bring an expression into collected form. Dividing by the number 0 gives a quotient."""
    if isinstance(expression, Constant):
        return Form(exact(float(expression.value)))
    if isinstance(expression, Name):
        return Form(Fraction(0), ((expression.name, Fraction(1)),))
    left, right = collect(expression.left), collect(expression.right)
    if expression.operator == "+":
        return add(left, right)
    if expression.operator == "-":
        return add(left, scale(right, Fraction(-1)))
    return _multiply(left, right) if expression.operator == "*" else _divide(left, right)


def add(left: Form, right: Form) -> Form:
    """Add up equal terms; those that cancel are gone."""
    terms = dict(left.terms)
    for term, coefficient in right.terms:
        terms[term] = terms.get(term, Fraction(0)) + coefficient
    kept = [(term, coefficient) for term, coefficient in terms.items() if coefficient]
    return Form(left.constant + right.constant, tuple(sorted(kept, key=_order)))


def scale(form: Form, factor: Fraction) -> Form:
    """Multiply by a number."""
    terms = tuple((term, factor * coefficient) for term, coefficient in form.terms)
    return Form(factor * form.constant, terms if factor else ())


def _multiply(left: Form, right: Form) -> Form:
    if left.number:
        return scale(right, left.constant)
    if right.number:
        return scale(left, right.constant)
    first, second = sorted((left, right), key=repr)
    return Form(Fraction(0), ((Product(first, second), Fraction(1)),))


def _divide(above: Form, below: Form) -> Form:
    if below.number and below.constant:
        return scale(above, 1 / below.constant)
    return Form(Fraction(0), ((Quotient(above, below), Fraction(1)),))


def _order(term: tuple[Term, Fraction]) -> str:
    return repr(term[0])


def divisors(expression: Expression) -> list[Form]:
    """Return all that an expression divides by, whether or not it cancels later."""
    if not isinstance(expression, Arithmetic):
        return []
    below = [collect(expression.right)] if expression.operator == "/" else []
    return below + divisors(expression.left) + divisors(expression.right)
