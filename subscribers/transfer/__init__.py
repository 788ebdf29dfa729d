"""Subscribers out of and into files."""
