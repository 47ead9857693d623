"""Figures of `make bench`: ratios measured in one run, never asserted by a timed test."""
