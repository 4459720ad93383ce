"""Readers: one per file format, bytes to text and what the file says of itself."""
