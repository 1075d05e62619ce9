"""What is archived of events, and under which names."""
