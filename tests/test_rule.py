"""An expression knows the facts it names."""

from advisor.rule import Arithmetic, Constant, Name, named


def test_named():
    both = Arithmetic("+", Name("b"), Arithmetic("*", Name("a"), Name("b")))
    assert named(both, Constant(1.0, "1"), Name("c")) == ("b", "a", "c")
