"""nbmigrate.autogenerate."""
