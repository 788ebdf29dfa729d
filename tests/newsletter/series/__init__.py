"""Tests of newsletter.series."""
