"""nbmigrate.runtime."""
