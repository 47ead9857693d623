"""Who may: what the database allows the application, generated from the matrix, and who takes part in which case."""
