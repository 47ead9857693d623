"""Measures the product on data that is made for it: what a page costs, and what of it grows with an installation."""
