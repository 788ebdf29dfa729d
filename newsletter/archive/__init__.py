"""The public pages of past issues, and their feeds."""
