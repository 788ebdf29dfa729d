"""The journal outside the database."""
