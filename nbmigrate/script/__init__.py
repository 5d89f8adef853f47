"""nbmigrate.script."""
