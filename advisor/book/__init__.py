"""Reads rules, policies, workloads and parts: the only room that knows YAML."""

from advisor.book.catalogue import (
    compatibility,
    constants,
    constants_file,
    part_files,
    parts,
    workload,
    workload_file,
    workloads,
)
from advisor.book.conditions import names
from advisor.book.demands import demands
from advisor.book.examples import stated
from advisor.book.folders import known, shipped
from advisor.book.gates import policies
from advisor.book.near import near
from advisor.book.policy import policy
from advisor.book.prices import price_list
from advisor.book.rules import rule_files, rules
from advisor.book.survey import Survey, survey

__all__ = [
    "Survey",
    "compatibility",
    "constants",
    "constants_file",
    "demands",
    "known",
    "names",
    "near",
    "part_files",
    "parts",
    "policies",
    "policy",
    "price_list",
    "rule_files",
    "rules",
    "shipped",
    "stated",
    "survey",
    "workload",
    "workload_file",
    "workloads",
]
