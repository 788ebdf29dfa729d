"""How fast mail may leave, and when it will all have left: clocks and counters, without a database."""
