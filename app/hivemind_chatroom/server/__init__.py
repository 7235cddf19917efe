"""Serving: a gateway that runs the app for each request, and the thread that owns every stream."""
