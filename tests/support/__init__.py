"""What tests share: databases of a service on both backends, a clock that stands still, callers."""
