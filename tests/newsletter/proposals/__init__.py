"""Tests of newsletter.proposals."""
