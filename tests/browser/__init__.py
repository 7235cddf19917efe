"""Tests that drive a browser: a package, so that one runs for all of them and no longer."""
