"""The commands, one file each, in folders by the panels of `stagectl --help`."""
