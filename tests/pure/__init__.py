"""Proofs of the pure modules that need no database; `make mutate` runs these, the oracle's and the tables' own."""
