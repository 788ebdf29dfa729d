"""Tests of newsletter.prose."""
