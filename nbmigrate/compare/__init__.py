"""nbmigrate.compare."""
