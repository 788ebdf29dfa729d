"""Restores and moves."""
