"""Stored rows become what holds of a track or a package."""
