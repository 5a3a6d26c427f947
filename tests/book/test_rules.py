"""Rules of later folders take the place of earlier ones; all mistakes are told at once."""

import pytest

from advisor.book.rules import rules
from advisor.errors import AdvisorErrors
from advisor.vocabulary import declared

VOCABULARY = declared()


def text(name="a", title="t", when="cpu.cores > 1"):
    return f"id: {name}\ntitle: {title}\nfor: machine\nwhen: {when}\n"


def write(folder, **files):
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content)
    return folder


def own(found):
    return [rule for rule in found if "/rules/" not in rule.where.file]


def test_later_folders_win_by_id(tmp_path):
    one = write(tmp_path / "one", a=text(title="first"), b=text("b"))
    two = write(tmp_path / "two", a=text(title="second"))
    found = {rule.id: rule for rule in rules([one, two], VOCABULARY)}
    assert (found["a"].title, found["b"].replaces) == ("second", None)
    assert found["a"].replaces.file == str(one / "a.yaml")


def test_every_mistake_of_every_file(tmp_path):
    folder = write(
        tmp_path,
        a=text(when="cpu.core > 1"),
        b=text("c"),
        d="",
        e="[1]",
        f="a: *b",
        g=text("g") + "g: 1\n",
    )
    (folder / "sub").mkdir()
    write(folder / "sub", g=text("g"))
    write(folder, h=text("h"))
    write(folder / "sub", h=text("h"))
    with pytest.raises(AdvisorErrors) as caught:
        rules([folder], VOCABULARY)
    wrong = [(p.where.file.rpartition("/")[2], p.wrong.partition(" ")[0]) for p in errors(caught)]
    assert wrong == [
        ("a.yaml", "no"), ("b.yaml", "the"), ("d.yaml", "the"), ("e.yaml", "the"),
        ("f.yaml", "an"), ("g.yaml", "no"), ("h.yaml", "the"),
    ]  # fmt: skip
    printed = str(caught.value)
    assert "a.yaml:4:7: read a condition: no fact is called 'cpu.core'; did you mean" in printed
    assert "  when: cpu.core > 1\n        ^" in printed


def errors(caught):
    return [p for p in caught.value.problems if "/rules/" not in p.where.file]
