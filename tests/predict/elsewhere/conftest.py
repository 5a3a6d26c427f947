"""The shipped constants and catalogue, read once."""

import json

import pytest

from advisor import book
from advisor.constants import ConstantSet
from advisor.part import index, resolve
from advisor.predict.elsewhere.batch import Predictor
from advisor.predict.elsewhere.case import decoded
from advisor.predict.elsewhere.silicon import silicon


@pytest.fixture(scope="session")
def figures():
    return book.constants("elsewhere", (), ConstantSet).figures


@pytest.fixture(scope="session")
def catalogue():
    return index(book.parts(()))


@pytest.fixture(scope="session")
def device(figures, catalogue):
    def find(name, count=1):
        return silicon(resolve(catalogue, name).part, figures, count)

    return find


@pytest.fixture(scope="session")
def ask(figures, catalogue):
    def find(name, count, _place):
        found = resolve(catalogue, name)
        return silicon(found.part, figures, count), found.note

    made = Predictor(figures, find, lambda form: book.workload(form.name, ()))
    return lambda case: made.answer(decoded(json.dumps({"id": 1} | case).encode()))
