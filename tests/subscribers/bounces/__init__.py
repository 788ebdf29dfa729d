"""Tests of reading bounces."""
