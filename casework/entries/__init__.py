"""What each action needs, in one entry that is found by its name."""
