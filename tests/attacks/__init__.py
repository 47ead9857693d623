"""Attacks that were tried on the product, each of its kind, with the database role of the application or over its pages."""
