"""What the service decides, in pure Python."""
