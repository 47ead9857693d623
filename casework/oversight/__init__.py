"""What an auditor works with."""
