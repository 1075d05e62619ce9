"""What may be logged: errors without the data that failed."""
