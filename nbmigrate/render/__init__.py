"""nbmigrate.render."""
