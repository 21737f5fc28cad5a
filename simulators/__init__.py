"""Stand-ins for the outside world in the demonstration hospital, each an own small process."""
