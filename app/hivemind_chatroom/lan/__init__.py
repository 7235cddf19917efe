"""The room on the LAN: its addresses, and later its presence and what else is there."""
