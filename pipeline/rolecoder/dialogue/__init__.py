"""How conversations are written down: by labels, or told by a note taker."""
