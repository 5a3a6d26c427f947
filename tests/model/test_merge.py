"""Equal ops are one op with a count."""

from advisor.model.merge import merged
from advisor.operation import Op


def test_counts_add_up_in_the_order_of_first_use():
    add, relu = Op(op="elementwise", kernel="add", reads=2.0), Op(op="elementwise", kernel="relu")
    twice = Op(op="elementwise", kernel="add", reads=2.0, count=1)
    found = merged([add, relu, twice, relu, relu])
    assert [(op.kernel, op.count) for op in found] == [("add", 2), ("relu", 3)]
