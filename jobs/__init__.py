"""When it happens: the clock and the tasks it calls."""
