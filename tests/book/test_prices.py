"""A price list is checked line by line, and each mistake has its place."""

import pytest

from advisor.book.prices import price_list
from advisor.errors import AdvisorError

LIST = """\
currency: EUR
taken: 2026-11-20
source: a shop
prices:
  - {part: x, price: 1650}
rents:
  - {part: y, hourly: 0.7}
"""


def known(name):
    if name not in {"x", "y"}:
        raise AdvisorError("find the part", "no part has this name", remedy="nearest: x")
    return name.upper()


@pytest.fixture
def read(tmp_path):
    def made(text):
        path = tmp_path / "prices.yaml"
        path.write_text(text)
        return price_list(path, known)

    return made


def test_a_list(read):
    found = read(LIST)
    assert (found.currency, found.prices[0].part, found.prices[0].price) == ("EUR", "X", 1650.0)
    assert (found.rents[0].part, found.rents[0].hourly) == ("Y", 0.7)


@pytest.mark.parametrize(
    ("old", "new", "wrong", "place"),
    [
        ("part: x", "part: z", "no part has this name", (5, 12)),
        ("1650", "0", "0 is no price", (5, 22)),
        ("1650", "-3", "-3 is no price", (5, 22)),
        ("1650", "1e12", "1e+12 is no price", (5, 22)),
        ("0.7", "nan", "nan", (7, 23)),
        ("EUR", "euros", "'euros' is no currency code", (1, 11)),
        ("2026-11-20", "lately", "'lately' is no day", (2, 8)),
        ("price: 1650", "prise: 1650", "prise", None),
    ],
)
def test_mistakes(read, old, new, wrong, place):
    with pytest.raises(AdvisorError, match=wrong.replace("+", "\\+")) as caught:
        read(LIST.replace(old, new))
    where = caught.value.problems[0].where
    assert place is None or (where.line, where.column) == place


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(AdvisorError):
        price_list(tmp_path / "none.yaml", known)
