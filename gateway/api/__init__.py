"""The door for machines: what services publish, forwarded by allow-list, behind one OpenAPI document."""
