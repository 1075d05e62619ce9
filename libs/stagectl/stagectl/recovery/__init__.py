"""Dead-letter queues, redrive and replay; events as they happen, and their archive."""
