"""What somebody typed becomes the values of parts, or an error with a code says what is wrong."""
