"""Every file is read as its folder says, and all mistakes are gathered."""

import pytest

from advisor import book
from advisor.book.survey import survey
from advisor.errors import AdvisorError
from advisor.vocabulary import declared

RULE = "id: {0}\ntitle: t\nfor: machine\nwhen: cpu.cores > 1\n"


@pytest.fixture
def base(tmp_path):
    for name in ("policy", "workloads", "parts", "health"):
        (tmp_path / name).mkdir()
    (tmp_path / "health/mine.yaml").write_text(RULE.format("mine"))
    (tmp_path / "README.md").write_text("not: [a rule")
    inline = "{id: own, title: t, for: machine, when: cpu.cores > 1}"
    (tmp_path / "policy/p.yaml").write_text(f"policy: p\nrules: [mine, theirs, {inline}]\n")
    return tmp_path


def read(*paths, known=()):
    return survey(paths, known, declared())


def test_rules_inline_ones_too(base):
    theirs = read(write(base / "other", "theirs", RULE.format("theirs"))).rules
    (base / "other/theirs.yaml").unlink()
    found = read(base, known=theirs)
    assert [p.wrong for p in found.problems] == []
    assert [rule.id for rule in found.rules] == ["mine", "own"]
    assert found.files == 2


def write(folder, name, text):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(text)
    return folder / f"{name}.yaml"


@pytest.mark.parametrize(
    ("folder", "text", "wrong"),
    [
        ("workloads", "name: x\n", "title: is not there"),
        ("parts", "vendor: x\n", "source: is not there"),
        ("health", "vendor: x\n", "no key is called 'vendor'"),
        ("policy", "policy: q\nrules: [nobody]\n", "no rule has the id 'nobody'"),
        ("health", "", "the file is empty"),
        ("health", RULE.format("mine"), "the file is named x.yaml, the rule 'mine'"),
    ],
)
def test_each_file_as_its_folder_says(base, folder, text, wrong):
    (base / "policy/p.yaml").unlink()
    path = write(base / folder, "x", text)
    assert wrong in [p.wrong for p in read(base).problems]
    assert wrong in [p.wrong for p in read(path).problems]


def test_a_path_that_leads_nowhere(base):
    with pytest.raises(AdvisorError, match="no such file or folder"):
        read(base / "none")


def test_the_shipped_folder_is_in_order():
    assert [str(p) for p in read(book.shipped()).problems] == []
