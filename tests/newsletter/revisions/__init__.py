"""Saved states of stories and issues."""
