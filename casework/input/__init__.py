"""What somebody typed becomes the values of parts, or one sentence says what is wrong with it."""
