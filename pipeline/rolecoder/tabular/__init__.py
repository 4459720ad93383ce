"""Tables: as stages hand them on, and as people fill them in."""
