"""Tests of newsletter.checks."""
