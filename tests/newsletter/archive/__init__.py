"""Tests of the public archive."""
