"""SQLite: its catalogue is text, so tables are read and changed as text.

``tokens`` and ``create_table`` read a CREATE TABLE text, ``edit`` changes one, ``rebuild`` puts a changed
text in the place of a table with all its rows, ``dialect`` decides what each operation takes.
"""
