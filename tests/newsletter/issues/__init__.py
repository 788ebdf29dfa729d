"""Tests of newsletter.issues."""
