"""Signatures, keys and records."""
