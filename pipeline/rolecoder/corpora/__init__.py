"""Corpora as they lie on disk: their files, and what is known of each before it is read."""
