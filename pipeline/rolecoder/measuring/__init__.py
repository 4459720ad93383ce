"""From codings and hand labels to estimates with intervals, and from two of them to a gap."""
