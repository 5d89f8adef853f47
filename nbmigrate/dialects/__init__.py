"""nbmigrate.dialects."""
