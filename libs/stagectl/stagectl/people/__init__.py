"""The people of a stage: users, what the stage holds of them, who changed them, and keys of partners."""
