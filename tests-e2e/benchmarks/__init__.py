"""Benchmarks of Big Mouth; README.md says what each measures."""

import os

# Powertools reads it when a handler is imported, which a benchmark does in its own process.
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Benchmarks")
