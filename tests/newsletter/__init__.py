"""Tests of the newsletter package."""
