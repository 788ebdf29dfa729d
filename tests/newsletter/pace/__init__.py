"""Tests of limits and predictions, which need no database."""
