"""Alembic's insides by name, for its own test files: parts of ``tests/compat/alembic_adapter.py``."""
