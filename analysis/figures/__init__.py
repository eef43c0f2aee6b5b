"""Tables and given strings → matplotlib figures: draws, never calculates."""
