"""What runs the tests and the benchmarks."""
