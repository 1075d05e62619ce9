"""Dead-letter queues, redrive and replay."""
