"""Whether this machine and an account are ready."""
