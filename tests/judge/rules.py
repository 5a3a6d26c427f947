"""Rules made from a few keys, read as the book reads them."""

from advisor.book.problems import Problems
from advisor.book.reader import parse
from advisor.book.rule_file import rule
from advisor.book.rules import top
from tests.small import VOCABULARY


def make(vocabulary=VOCABULARY, **keys):
    """A rule from its keys; what is not given is something harmless."""
    keys = {"id": "a-rule", "title": "A rule", "for": "machine"} | keys
    text = "".join(f"{key}: {value}\n" for key, value in keys.items())
    document = parse(text.encode(), "a-rule.yaml")
    problems = Problems()
    made = rule(document, top(document, "rule"), vocabulary, problems)
    assert problems.found == [], str(problems.found[0])
    return made
