"""The trail: who did or saw what, when, why."""
