"""The menu of restaurants: list, search and catalogue upkeep."""
