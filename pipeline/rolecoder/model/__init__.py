"""What a model holds beside its regressions, and what it is read from."""
