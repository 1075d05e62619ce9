"""Standard output for results, standard error for progress."""
