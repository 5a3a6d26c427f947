"""Reads rules, policies and workloads; the only room that knows YAML."""
