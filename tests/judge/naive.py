"""The meaning of conditions, written plainly from `rules/README.md` and nothing else.

Conditions are what JSON would hold: a line, or ``{"all": […]}``. Lines here have spaces between all
their words. Facts are ``missing``, ``unknown``, a text, a flag, a version or a pair of fractions.
"""

import re
from fractions import Fraction
from itertools import product

MISSING, UNKNOWN = "missing", "unknown"
UNITS = {"GB": 10**9, "GiB": 2**30, "%": Fraction(1, 100), "": 1}
VERSIONS = ("a.release", "a.driver")
COMPARISONS = ("<=", ">=", "==", "!=", "<", ">")


def meaning(condition, facts):
    """True, False or None (unknown)."""
    if isinstance(condition, str):
        return line(condition.split(), facts)
    ((block, inner),) = condition.items()
    if block == "not":
        answer = meaning(inner, facts)
        return None if answer is None else not answer
    answers = [meaning(part, facts) for part in inner]
    decisive = block == "any"
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def line(words, facts):
    if words[0] in {"exists", "absent"}:
        fact = facts.get(words[1], UNKNOWN)
        return None if fact == UNKNOWN else (fact != MISSING) == (words[0] == "exists")
    if any(facts.get(w, UNKNOWN) in (MISSING, UNKNOWN) for w in words if re.match(r"[a-z]+\.", w)):
        return None
    at = next(i for i, word in enumerate(words) if word in (*COMPARISONS, "in"))
    left, sign, right = words[:at], words[at], words[at + 1 :]
    if sign == "in":
        choices = " ".join(right).strip("[ ]").split(" , ")
        return meaning({"any": [" ".join([*left, "==", choice]) for choice in choices]}, facts)
    value = facts.get(left[0])
    if left[0] in VERSIONS:
        return versions(value, sign, facts.get(right[0], right[0]))
    if isinstance(value, str | bool):
        constants = {right[0]: right[0], "true": True, "false": False} | facts
        return (value == constants[right[0]]) == (sign == "==")
    return numbers(left, sign, right, facts)


def versions(one, sign, other):
    if not (one[0].isdigit() and other[0].isdigit()):
        return None
    order = (release(one) > release(other)) - (release(one) < release(other))
    return decided(sign, order, order)


def release(version):
    """Numbers padded with zeros, then whether it is the release itself, then which candidate."""
    numbers_, candidate = re.match(r"([\d.]*\d)(?:rc(\d+))?", version).groups()
    listed = [int(n) for n in numbers_.split(".")]
    return listed + [0] * (9 - len(listed)), candidate is None, int(candidate or 0)


def numbers(left, sign, right, facts):
    divisors = []
    one, other = (parse(list(side), divisors) for side in (left, right))
    difference = plus(one, other, -1)
    spans = [span(divisor, facts) for divisor in divisors]
    if any(ends is None or ends[0] <= 0 <= ends[1] for ends in spans):
        return None
    return decided(sign, *span(difference, facts))


def decided(sign, low, high):
    if sign in {">", ">="}:
        return decided({">": "<", ">=": "<="}[sign], -high, -low)
    if sign == "!=":
        answer = decided("==", low, high)
        return None if answer is None else not answer
    true = {"<": high < 0, "<=": high <= 0, "==": low == high == 0}[sign]
    false = {"<": low >= 0, "<=": low > 0, "==": not low <= 0 <= high}[sign]
    return True if true else False if false else None


# A collected sum is a dict from terms to coefficients; the plain number stands under None.
def parse(words, divisors, lowest=0):
    word = words.pop(0)
    if word == "(":
        left = parse(words, divisors)
        words.pop(0)
    elif re.match(r"-?\d", word):
        unit = words.pop(0) if words and words[0] in UNITS else ""
        left = {None: Fraction(word) * UNITS[unit]}
    else:
        left = {word: Fraction(1)}
    while (words and words[0] in ("*", "/")) or (words and words[0] in ("+", "-") and lowest < 1):
        sign = words.pop(0)
        right = (
            parse(words, divisors, 1 if sign in "+-" else 2)
            if sign in "+-"
            else atom(words, divisors)
        )
        left = combine(left, sign, right, divisors)
    return left


def atom(words, divisors):
    if words[0] == "(":
        words.pop(0)
        inner = parse(words, divisors)
        words.pop(0)
        return inner
    taken = [words.pop(0)]
    if words and words[0] in UNITS:
        taken.append(words.pop(0))
    return parse(taken, divisors)


def combine(left, sign, right, divisors):
    if sign in "+-":
        return plus(left, right, 1 if sign == "+" else -1)
    if sign == "/":
        divisors.append(right)
        if plain(right) and right.get(None, 0):
            return times(left, 1 / right[None])
        return {("over", frozen(left), frozen(right)): Fraction(1)}
    if plain(left) or plain(right):
        number, other = (left, right) if plain(left) else (right, left)
        return times(other, number.get(None, Fraction(0)))
    return {("by", frozenset({frozen(left), frozen(right)})): Fraction(1)}


def plain(collected):
    return not set(collected) - {None}


def frozen(collected):
    return frozenset(collected.items())


def plus(left, right, factor):
    both = {t: left.get(t, 0) + factor * right.get(t, 0) for t in left.keys() | right.keys()}
    return {term: value for term, value in both.items() if value}


def times(collected, factor):
    return {term: factor * value for term, value in collected.items() if factor * value}


def span(collected, facts):
    low = high = Fraction(0)
    for term, factor in dict(collected).items():
        ends = term_span(term, facts)
        if ends is None:
            return None
        low += min(factor * end for end in ends)
        high += max(factor * end for end in ends)
    return low, high


def term_span(term, facts):
    if term is None:
        return Fraction(1), Fraction(1)
    if isinstance(term, str):
        return facts[term]
    if term[0] == "by":
        sums = list(term[1]) * 2
        left, right = span(sums[0], facts), span(sums[1], facts)
    else:
        left, right = span(term[1], facts), span(term[2], facts)
        if right is None or right[0] <= 0 <= right[1]:
            return None
        right = (1 / right[1], 1 / right[0])
    if left is None or right is None:
        return None
    corners = [a * b for a, b in product(left, right)]
    return min(corners), max(corners)
