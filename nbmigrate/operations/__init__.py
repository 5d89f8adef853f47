"""nbmigrate.operations."""
