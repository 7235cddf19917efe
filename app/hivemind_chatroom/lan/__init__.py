"""The room on the LAN: addresses, presence and browser; docs/lan.md tells how they do it."""
