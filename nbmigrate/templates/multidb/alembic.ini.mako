# Settings of the migration environment; nbmigrate and Alembic read the same file.
# %(here)s is the folder of this file; a literal percent sign is written twice.

[alembic]
# the folder with env.py, script.py.mako and versions/
script_location = ${script_location}

# the databases: each has a section of its own; env.py reads them
databases = engine1, engine2

# put in front of sys.path while env.py and revisions run
prepend_sys_path = .

# how lists of paths in this file are separated: os, space, newline, : or ;
path_separator = os

# names of new revision files; tokens: rev, slug, epoch, year, month, day, hour, minute, second
# file_template = %%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d-%%(rev)s_%%(slug)s

# the slug of a file name is cut to this length
# truncate_slug_length = 40

# time zone of the dates in revision files, for instance Europe/Vienna; local time where it is not set
# timezone =

# several folders with revisions
# version_locations = %(here)s/versions:%(here)s/more_versions

# look into the folders below them too
# recursive_version_locations = false

# run env.py for "revision", "merge" and "history" too
# revision_environment = false

# accept revisions that are there as bytecode only
# sourceless = false

# encoding of new revision files
# output_encoding = utf-8

[engine1]
sqlalchemy.url = ${sqlalchemy_url}

[engine2]
sqlalchemy.url = driver://user:pass@localhost/dbname2

[post_write_hooks]
# tools that go over a new revision file, for instance:
# hooks = ruff
# ruff.type = module
# ruff.module = ruff
# ruff.options = check --fix REVISION_SCRIPT_FILENAME

# logging, read by env.py
[loggers]
keys = root,sqlalchemy,alembic

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console
qualname =

[logger_sqlalchemy]
level = WARNING
handlers =
qualname = sqlalchemy.engine

[logger_alembic]
level = INFO
handlers =
qualname = alembic

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
datefmt = %H:%M:%S
