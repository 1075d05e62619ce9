"""What scenarios, drivers and benchmarks share: the stage, its contract, its events."""
