"""Time a machine: the room with the clock and with torch."""
