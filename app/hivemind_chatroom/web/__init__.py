"""The room's WSGI app for visitors: pages, upstream's form routes, the API and its event stream."""
