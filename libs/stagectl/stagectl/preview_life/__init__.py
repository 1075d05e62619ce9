"""The whole life of a preview, command by command, with its transcript."""
