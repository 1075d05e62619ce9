"""How the cost of a request grows with the tables and with the page."""
