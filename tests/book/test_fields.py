"""Fields are taken one by one; what is wrong is noted, and reading goes on."""

import pytest

from advisor.book.fields import Fields
from advisor.book.problems import Problems
from advisor.book.reader import parse


def fields(text):
    document = parse(text.encode(), "a.yaml")
    return Fields(document, document.root, "thing", Problems())


def test_texts_lose_their_line_breaks():
    assert fields("a: >\n  one\n  two\n").text("a") == "one two"


@pytest.mark.parametrize(
    ("text", "take", "wrong"),
    [
        ("a: [1]", lambda f: f.text("a"), "a: wants one value"),
        ("a: ''", lambda f: f.text("a"), "a: is empty"),
        ("a: 1", lambda f: f.texts("a"), "a: wants a list"),
        ("a: [[1]]", lambda f: f.texts("a"), "a: wants a list of texts"),
        ("a: maybe", lambda f: f.flag("a"), "a: wants true or false"),
        ("a: x", lambda f: f.choice("a", ["y"], "y"), "a: is never 'x'"),
        ("a: x", lambda f: f.only(["b"]), "no key is called 'a'"),
        ("a: x", lambda f: f.require("b"), "b: is not there"),
    ],
)
def test_mistakes(text, take, wrong):
    read = fields(text)
    take(read)
    assert [wrong in problem.wrong for problem in read.problems.found] == [True]


def test_what_is_not_there_is_empty():
    read = fields("a: 1")
    assert (read.text("b"), read.flag("b"), read.texts("b"), read.node("b")) == (
        "",
        False,
        (),
        None,
    )
    assert read.choice("b", ["y"], "y") == "y"
    assert read.problems.found == []
