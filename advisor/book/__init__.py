"""Reads rules, policies, workloads and parts: the only room that knows YAML."""

from advisor.book.catalogue import constants, parts, workload, workloads
from advisor.book.examples import stated
from advisor.book.folders import shipped
from advisor.book.policy import policy
from advisor.book.rules import rules

__all__ = ["constants", "parts", "policy", "rules", "shipped", "stated", "workload", "workloads"]
