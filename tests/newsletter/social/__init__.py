"""Tests of the posts on the office's pages."""
