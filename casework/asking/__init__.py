"""What somebody may, asked by code that knows Django or guardian: how they stand to a thing, and what `has_perm` answers."""
