"""SQLite: its catalogue is text, so tables are read and changed as text."""
