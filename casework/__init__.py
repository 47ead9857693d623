"""The records of each agency, and what passes between them."""
