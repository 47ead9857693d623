"""By when something must be done: what starts a term, what stops it, and whom it is owed to."""
