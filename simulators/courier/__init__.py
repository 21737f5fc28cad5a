"""A courier for the demo hospital and for tests."""
