"""What crosses between agencies, by value."""
