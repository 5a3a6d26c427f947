"""A check is given policies by name, files and folders, all read at once."""

from pathlib import Path

import pytest

from advisor.book.gates import policies
from advisor.errors import AdvisorError
from tests.small import VOCABULARY

RULE = """id: {id}
title: T
for: machine
when: cpu.cores > 2
examples:
  - {{expect: fires, facts: {{cpu.cores: 4}}}}
  - {{expect: quiet, facts: {{cpu.cores: 1}}}}
  - {{expect: unknown, facts: {{cpu.cores: unknown}}}}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a policy, two rules and data that is no rule."""
    monkeypatch.setattr("advisor.book.folders.shipped", lambda: tmp_path / "shipped")
    shipped = tmp_path / "shipped" / "policy"
    shipped.mkdir(parents=True)
    inline = RULE.format(id="c").replace("\n", "\n    ").rstrip()
    (shipped / "node.yaml").write_text(f"policy: node\nrules:\n  - {inline}\n")
    gates = tmp_path / "gates"
    (gates / "workloads").mkdir(parents=True)
    (gates / "workloads" / "x.yaml").write_text("what: ever\n")
    (gates / "p.yaml").write_text(f"policy: p\nrules:\n  - {inline}\n")
    for name in ("a", "b"):
        (gates / f"{name}.yaml").write_text(RULE.format(id=name))
    return gates


def told(*names: str | Path) -> dict[str, list[str]]:
    read = policies([str(name) for name in names], (), VOCABULARY)
    return {policy.name: [rule.id for rule in policy.rules] for policy in read}


def test_a_folder_gives_each_policy_and_rule_in_it(folder):
    assert told(folder) == {"a": ["a"], "b": ["b"], "p": ["c"]}


def test_several_at_once_and_each_once(folder):
    assert list(told("node", folder / "a.yaml", "node", folder)) == ["node", "a", "b", "p"]


def test_a_known_name_means_the_policy_before_a_folder(folder, monkeypatch):
    (folder / "node").mkdir()
    monkeypatch.chdir(folder)
    assert told("node") == {"node": ["c"]}
    with pytest.raises(AdvisorError, match="neither a policy nor a rule"):
        told("./node")


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("d.yaml", RULE.format(id="a"), "the file is named d.yaml, the rule 'a'"),
        ("d.yaml", "{", "d.yaml:"),
        ("d.yaml", "policy: e\nrules: [nonsense]\n", "no rule has the id 'nonsense'"),
    ],
)
def test_mistakes_are_told_with_their_place(folder, file, content, said):
    (folder / file).write_text(content)
    with pytest.raises(AdvisorError, match=said):
        told(folder)


def test_two_of_one_name_are_refused(folder):
    (folder / "q.yaml").write_text((folder / "p.yaml").read_text())
    with pytest.raises(AdvisorError, match="two of them are named 'p'"):
        told(folder / "p.yaml", folder / "q.yaml")


def test_mistakes_of_all_files_are_told_at_once(folder):
    (folder / "d.yaml").write_text("{")
    (folder / "e.yaml").write_text("policy: e\nrules: [nonsense]\n")
    with pytest.raises(AdvisorError, match=r"(?s)d\.yaml:.*nonsense"):
        told(folder)
