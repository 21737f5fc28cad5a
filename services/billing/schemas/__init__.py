"""What travels through the doors of billing: a module for each noun."""
