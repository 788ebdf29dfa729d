"""Tests of what the demo and other tests run against."""
