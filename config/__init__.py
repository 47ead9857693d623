"""Wiring: settings, addresses, the worker's app and the supervisor."""
