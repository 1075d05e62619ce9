"""What takes too long for each change, and runs by night."""
