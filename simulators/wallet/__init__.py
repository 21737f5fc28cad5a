"""The sandbox wallet: a small payment provider with its own books, for the demo hospital and for tests."""
