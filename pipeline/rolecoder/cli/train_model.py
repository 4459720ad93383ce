"""`rolecoder train`: hand labels to a model bundle."""

from __future__ import annotations



