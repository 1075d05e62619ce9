"""A stage as a whole: its life, its status, its logs."""
