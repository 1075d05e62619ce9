"""The menu of restaurants: landing page, list, search and catalogue upkeep."""
