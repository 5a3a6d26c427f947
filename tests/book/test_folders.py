"""Files are found in the shipped folder and in those that are given."""

import pytest

from advisor.book import folders
from advisor.errors import AdvisorError


def test_shipped_rules_are_found():
    assert (folders.shipped() / "README.md").is_file()


@pytest.fixture
def base(tmp_path):
    for name in ["a/x.yaml", "b.yml", "README.md", ".h.yaml", "policy/p.yaml", "parts/q.yaml"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    return tmp_path


def test_only_rules_are_rules(base):
    assert [path.name for path in folders.rule_files(base)] == ["x.yaml", "b.yml"]


def test_named(base):
    assert folders.named("policy", "p", [base]) == base / "policy/p.yaml"
    with pytest.raises(AdvisorError, match="no policy has that name; did you mean 'p'") as caught:
        folders.named("policy", "pp", [base])
    assert caught.value.where is None


def test_a_folder_that_is_not_there(base):
    with pytest.raises(AdvisorError, match="no such folder"):
        folders.all_folders([base / "none"])
