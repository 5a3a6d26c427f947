"""A plug-in is any public module of the folder, in name order."""

import advisor
from advisor.plugins import modules


def test_lists_modules_in_name_order_without_private_ones():
    names = [m.__name__ for m in modules(advisor)]
    assert names == sorted(names)
    assert "advisor.plugins" in names
    assert "advisor.__main__" not in names
