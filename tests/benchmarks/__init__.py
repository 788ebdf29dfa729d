"""Measurements on this machine, over loopback: `python -m tests.benchmarks`."""
