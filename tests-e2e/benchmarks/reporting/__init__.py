"""What logs and metrics cost: time, bytes and names, against a handler that reports nothing."""
