"""Whole ways through the product where everything is real."""
