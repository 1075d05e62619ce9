"""The commands, one a file, in folders by the panels of `stagectl --help`."""
