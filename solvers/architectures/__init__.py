"""Published networks, built from the tables of their papers."""
