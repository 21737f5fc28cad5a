"""The insurer simulator: a small medical insurance platform with its own books, for the demo hospital and for tests."""
