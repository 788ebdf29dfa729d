"""Storms that try to break the guarantees."""
