"""Who receives: subscribers, their consent, and everything that may change it."""
