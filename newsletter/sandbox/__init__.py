"""What the demo and the tests run against: a mail catcher, a Graph simulator, the sample office."""
