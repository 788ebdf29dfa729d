"""Approvals: the chain, the letters, the deadline, the office copy."""
