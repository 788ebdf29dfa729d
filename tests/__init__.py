"""Tests; the tree mirrors the three packages."""
