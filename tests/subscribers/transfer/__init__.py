"""Tests of subscribers.transfer."""
