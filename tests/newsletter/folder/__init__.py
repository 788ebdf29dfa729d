"""Tests of newsletter.folder."""
