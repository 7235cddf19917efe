"""The operator's WSGI app: what the window shows and decides, on a loopback listener of its own."""
