"""What travels through the doors of records: a module for each noun."""
