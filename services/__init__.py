"""The four services of the hospital. They share no code with each other, only messages."""
