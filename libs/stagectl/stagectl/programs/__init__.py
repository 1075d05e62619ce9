"""Programs that run a handler in the place of its function; they import nothing of stagectl."""
