"""The toolbox of all services: door, database, messages, time, money, identity. It knows no hospital rule."""
