"""Who you are, and whom you may act for."""
