"""DuckDB: which changes its ALTER takes, and a rebuild that keeps rows for the others.

DuckDB writes its catalogue as CREATE TABLE texts of the same shape as SQLite's, so these are read and edited
by what ``dialects/sqlite`` has for that.
"""
