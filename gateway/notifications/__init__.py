"""What people are told about their patients: an in-app inbox, without medical content."""
