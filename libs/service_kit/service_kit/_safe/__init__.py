"""What is logged: errors without the data that failed, and how lines are written."""
