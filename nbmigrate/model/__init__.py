"""nbmigrate.model."""
