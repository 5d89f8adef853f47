"""nbmigrate.ddl."""
