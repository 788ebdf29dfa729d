"""Tests of newsletter.stories."""
