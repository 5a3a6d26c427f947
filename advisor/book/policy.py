"""Reads a policy: rules by id or inline, and waivers. A rule file is a policy of one."""

import re
from collections.abc import Mapping as Mapping_
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from advisor.book import folders as places
from advisor.book.fields import Fields
from advisor.book.near import near
from advisor.book.problems import Enough, Problems
from advisor.book.reader import load
from advisor.book.rule_file import rule
from advisor.book.rules import BYTES, one_file, rules, top
from advisor.book.tree import Document, Mapping, Node, Scalar
from advisor.fact import Vocabulary
from advisor.rule import Policy, Recorded, Rule, Waiver

_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
RECORDED = ("hardware", "software", "runs", "taken")
WAIVER = ("rule", "reason", "owner", "expires")


def policy(name_or_path: str, folders: Sequence[Path], vocabulary: Vocabulary) -> Policy:
    """Read a policy by name or file; raises AdvisorErrors with every mistake."""
    path = Path(name_or_path)
    if path.suffix not in places.SUFFIXES and len(path.parts) < 2:
        path = places.named("policy", name_or_path, folders)
    if "policy" not in top(load(path, BYTES), "policy").entries:
        alone = one_file(path, vocabulary)
        return Policy(alone.id, (alone,), title=alone.title)
    known = {read.id: read for read in rules(folders, vocabulary)}
    return one_policy_file(path, known, vocabulary)


def one_policy_file(path: Path, known: Mapping_[str, Rule], vocabulary: Vocabulary) -> Policy:
    """Read a policy file whose rules are among the known ones, or inline."""
    document = load(path, BYTES)
    mapping = top(document, "policy")
    problems = Problems()
    with suppress(Enough):
        read = one_policy(document, mapping, known, vocabulary, problems)
    problems.settle(f"read policy {path.stem[:60]}")
    return read


def one_policy(
    document: Document,
    mapping: Mapping,
    known: Mapping_[str, Rule],
    vocabulary: Vocabulary,
    problems: Problems,
) -> Policy:
    """Read a policy whose rules are among the known ones or stand inline."""
    fields = Fields(document, mapping, "policy", problems)
    fields.only(("policy", "title", "recorded", "rules", "waivers"))
    fields.require("rules")
    found: dict[str, Rule] = {}
    for node in fields.nodes("rules"):
        read = _rule(fields, node, known, vocabulary)
        if read and read.id in found:
            fields.add(f"the rule {read.id!r} stands twice", node)
        if read:
            found[read.id] = read
    if not fields.nodes("rules") and not problems:
        fields.add("a policy without rules checks nothing", mapping, "name rules under rules:")
    waivers = [_waiver(fields, node, found) for node in fields.nodes("waivers")]
    return Policy(
        fields.text("policy"),
        tuple(found.values()),
        tuple(waiver for waiver in waivers if waiver),
        fields.text("title"),
        _recorded(fields),
    )


def _rule(
    fields: Fields, node: Node, known: Mapping_[str, Rule], vocabulary: Vocabulary
) -> Rule | None:
    if isinstance(node, Mapping):
        return rule(fields.document, node, vocabulary, fields.problems)
    if not isinstance(node, Scalar):
        fields.add("a list where a rule or its id should be", node)
    elif node.text not in known:
        fields.add(f"no rule has the id {node.text[:60]!r}", node, near(node.text, known))
    else:
        return known[node.text]
    return None


def _recorded(fields: Fields) -> Recorded | None:
    node = fields.node("recorded")
    if node is None:
        return None
    if not isinstance(node, Mapping):
        fields.add("recorded: wants hardware:, software:, runs: and taken:", node)
        return None
    inner = Fields(fields.document, node, "record", fields.problems)
    inner.only(RECORDED)
    inner.require(*RECORDED)
    runs = inner.text("runs")
    if not (runs.isdecimal() and len(runs) < 10):
        inner.add("runs: wants a whole number", node)
        return None
    return Recorded(inner.text("hardware"), inner.text("software"), int(runs), inner.text("taken"))


def _waiver(fields: Fields, node: Node, rules_here: dict[str, Rule]) -> Waiver | None:
    if not isinstance(node, Mapping):
        fields.add("a waiver has rule:, reason:, owner: and expires:", node)
        return None
    waiver = Fields(fields.document, node, "waiver", fields.problems)
    waiver.only(WAIVER)
    waiver.require(*WAIVER)
    name = waiver.scalar("rule")
    if name and name.text not in rules_here:
        wrong = f"the policy has no rule {name.text[:60]!r}"
        waiver.add(wrong, name, near(name.text, rules_here))
    day = waiver.scalar("expires")
    if day and not _DAY.fullmatch(day.text):
        waiver.add("expires: wants a day", day, "write it as 2027-01-31")
    return Waiver(*(waiver.text(key) for key in WAIVER))
