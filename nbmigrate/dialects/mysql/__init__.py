"""MySQL and MariaDB: their SQL (``dialect``), and their catalogue as schema values (``reflect``)."""

from nbmigrate.dialects.mysql.dialect import MariaDB, MySQL

__all__ = ["MariaDB", "MySQL"]
