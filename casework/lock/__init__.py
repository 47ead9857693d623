"""Who may: what the database allows the application, generated from the matrix, and what has_perm answers."""
