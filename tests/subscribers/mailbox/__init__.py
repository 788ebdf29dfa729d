"""Tests of intake by e-mail."""
