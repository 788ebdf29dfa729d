"""Intake by e-mail: fetch, classify, and return verdicts; nothing here acts on a subscriber."""
