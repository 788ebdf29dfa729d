"""Long storms: a sender that is killed again and again loses nobody."""
