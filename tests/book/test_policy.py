"""A policy names rules or holds them; a rule file is a policy of one."""

import pytest

from advisor.book.policy import policy
from advisor.errors import AdvisorError
from advisor.vocabulary import declared

VOCABULARY = declared()

INLINE = """\
policy: node
title: A node
rules:
  - id: a
    title: t
    for: machine
    when: cpu.cores >= 4
    effect: require
    severity: error
waivers:
  - {rule: a, reason: old, owner: me, expires: 2027-01-31}
"""


def test_inline_rules_and_waivers(tmp_path):
    path = tmp_path / "node.yaml"
    path.write_text(INLINE)
    read = policy(str(path), [], VOCABULARY)
    assert (read.name, [r.id for r in read.rules], read.waivers[0].expires) == (
        "node", ["a"], "2027-01-31",
    )  # fmt: skip


def test_by_name_and_id_and_a_rule_alone(tmp_path):
    (tmp_path / "policy").mkdir()
    rule = "id: mine\ntitle: t\nfor: machine\nwhen: cpu.cores >= 4\n"
    (tmp_path / "mine.yaml").write_text(rule)
    (tmp_path / "policy/p.yaml").write_text("policy: p\nrules: [mine]\n")
    assert [r.id for r in policy("p", [tmp_path], VOCABULARY).rules] == ["mine"]
    assert policy(str(tmp_path / "mine.yaml"), [], VOCABULARY).name == "mine"


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("rules:", "ruls:", "no key is called 'ruls'"),
        ("2027-01-31", "soon", "expires: wants a day"),
        ("rule: a,", "rule: b,", "the policy has no rule 'b'"),
        ("  - id: a", "  - gpu-none\n  - id: a", "no rule has the id 'gpu-none'"),
        (", owner: me", "", "owner: is not there"),
        (INLINE, "policy: node\nrules: []\n", "checks nothing"),
        (INLINE, "policy: node\n", "rules: is not there"),
        (INLINE, "", "the file is empty"),
    ],
)
def test_mistakes(tmp_path, old, new, wrong):
    path = tmp_path / "node.yaml"
    path.write_text(INLINE.replace(old, new))
    with pytest.raises(AdvisorError) as caught:
        policy(str(path), [], VOCABULARY)
    assert wrong in str(caught.value)


def test_an_unknown_policy_names_the_known():
    with pytest.raises(AdvisorError, match="no policy has that name"):
        policy("nonsense", [], VOCABULARY)
