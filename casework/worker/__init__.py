"""What happens after an act is committed: carried out by the worker, each once."""
