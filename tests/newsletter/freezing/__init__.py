"""Freezing: what an approval is about."""
