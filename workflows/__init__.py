"""When it may be done: tracks, clocks and calendars, as tables."""
