"""Tests of newsletter.previews."""
