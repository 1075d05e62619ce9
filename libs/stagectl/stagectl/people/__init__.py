"""The people of a stage: users of its pool, what the stage holds of them, and who changed them."""
