"""Judges from outside: the Nu HTML checker and Lighthouse look at every public page of the sample office.

Run apart from the tests, as `python -m tests.judges`; they need Java, Node.js, Chromium and two npm packages.
"""
