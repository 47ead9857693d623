"""The scenario player: plays a story through the services that the pages call (docs/scenarios.md)."""
