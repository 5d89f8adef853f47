"""nbmigrate.notebook."""
