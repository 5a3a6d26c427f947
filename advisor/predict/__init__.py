"""Arithmetic from machine and workload to seconds and bytes; no I/O."""
