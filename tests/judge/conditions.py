"""Random conditions and facts, from a seed: the raw material of properties."""

import json
from fractions import Fraction

from advisor.book.conditions import Context, read
from advisor.book.problems import Problems
from advisor.book.reader import parse
from advisor.fact import Fact, Kind, Status
from tests.judge.naive import MISSING, UNKNOWN, VERSIONS
from tests.small import declare

PLAIN, BYTES = ("a.one", "a.two", "a.three"), ("a.size", "a.room")
TEXTS, FLAGS = ("a.word", "a.name"), ("a.flag",)
VOCABULARY = {
    d.name: d
    for d in [
        *(declare(name) for name in PLAIN),
        *(declare(name, "bytes") for name in BYTES),
        *(declare(name, kind=Kind.TEXT) for name in TEXTS),
        *(declare(name, kind=Kind.VERSION) for name in VERSIONS),
        *(declare(name, kind=Kind.FLAG) for name in FLAGS),
    ]
}
WORDS = ("cpu", "gpu:0", "gpu:0+1")
RELEASES = ("1.2", "1.2.0", "1.10", "2.4rc1", "2.4rc2", "2.4", "550.54.14", "none-yet")
SIGNS = ("<", "<=", "==", "!=", ">=", ">")


def condition(random, depth=2):
    """A line, or a block of up to three conditions."""
    kind = random.choice(["line"] * 3 + ["all", "any", "not"]) if depth else "line"
    if kind == "line":
        return line(random)
    if kind == "not":
        return {"not": condition(random, depth - 1)}
    return {kind: [condition(random, depth - 1) for _ in range(random.randint(1, 3))]}


def line(random):
    make = random.choice([compared] * 4 + [chosen, existing, words, versions, flags])
    return make(random)


def compared(random):
    names = BYTES if random.random() < 0.3 else PLAIN
    left, right = amount(random, names), amount(random, names)
    if "a." not in left + right:
        left = f"{left} + {random.choice(names)}"
    return f"{left} {random.choice(SIGNS)} {right}"


def amount(random, names, depth=2):
    """A sum of plain numbers, or of bytes: of what ``names`` are."""
    if depth == 0 or random.random() < 0.4:
        return random.choice([random.choice(names), number(random, names)])
    one = amount(random, names, depth - 1)
    how = random.choice(["sum", "product", "quotient", "group", "share"])
    if how == "group":
        return f"( {one} )"
    if how == "sum":
        return f"{one} {random.choice('+-')} {amount(random, names, depth - 1)}"
    if how == "share" and names is PLAIN:
        above, below = (amount(random, BYTES, depth - 1) for _ in range(2))
        return f"( {above} ) / ( {below} )"
    return f"( {one} ) {'*' if how == 'product' else '/'} ( {amount(random, PLAIN, depth - 1)} )"


def number(random, names):
    text = random.choice(["0", "1", "2", "3", "0.5", "0.1", "7", "-1"])
    return f"{text} {random.choice(['GB', 'GiB'])}" if names is BYTES else text


def chosen(random):
    if random.random() < 0.5:
        return f"{random.choice(PLAIN)} in [ {' , '.join(random.sample('0123', 2))} ]"
    return f"{random.choice(TEXTS)} in [ {' , '.join(random.sample(WORDS, 2))} ]"


def existing(random):
    return f"{random.choice(['exists', 'absent'])} {random.choice(sorted(VOCABULARY))}"


def words(random):
    return f"a.word {random.choice(['==', '!='])} {random.choice([*WORDS, 'a.name'])}"


def versions(random):
    other = random.choice([v for v in RELEASES if "rc" not in v and v[0].isdigit()] + ["a.driver"])
    return f"a.release {random.choice(SIGNS)} {other}"


def flags(random):
    return f"a.flag {random.choice(['==', '!='])} {random.choice(['true', 'false'])}"


def situation(random):
    """Every fact's state: for the judge, and for the naive reading."""
    made, plainly = {}, {}
    for name, declared in VOCABULARY.items():
        value = state(random, declared)
        plainly[name] = value
        if value in (MISSING, UNKNOWN):
            made[name] = Fact(name=name, status=Status(value))
        elif isinstance(value, tuple):
            low, high = map(float, value)
            made[name] = Fact(name=name, value=low, low=low, high=high)
        else:
            made[name] = Fact(name=name, value=value)
    return made, plainly


def state(random, declared):
    if random.random() < 0.15:
        return random.choice([MISSING, UNKNOWN])
    if declared.kind == "text":
        return random.choice(WORDS)
    if declared.kind == "version":
        return random.choice(RELEASES)
    if declared.kind == "flag":
        return random.random() < 0.5
    # Tenths, not dyadic numbers: a tie must be seen although no double is exactly 0.1.
    scale = 10**9 if declared.unit else 1
    ends = sorted(Fraction(random.randint(-20, 30), 10) * scale for _ in range(2))
    return (ends[0], ends[0]) if random.random() < 0.4 else tuple(ends)


def parsed(tree):
    """The condition as the book reads it."""
    document = parse(json.dumps(tree).encode(), "a.yaml")
    context = Context(document, VOCABULARY, "machine", Problems())
    made = read(context, document.root)
    assert context.problems.found == [], f"{tree}: {context.problems.found[0]}"
    return made
