"""Tests of newsletter.corrections."""
