"""Tests of newsletter.links."""
