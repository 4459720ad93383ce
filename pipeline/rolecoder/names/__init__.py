"""Names of actors, and how they are found in a text."""
