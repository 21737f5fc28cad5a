"""What travels through the doors of meals: a module for each noun."""
