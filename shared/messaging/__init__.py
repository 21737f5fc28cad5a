"""Facts between services: outbox to relay to queue to inbox, and a heartbeat that finds what was lost on the way."""
