"""Run the tests and the benchmarks."""
