[tool.alembic]
# Settings of the migration environment; nbmigrate and Alembic read the same table.
# %(here)s is the folder of this file; a literal percent sign is written twice.
# the folder with env.py, script.py.mako and versions/
script_location = "${script_location}"

# put in front of sys.path while env.py and revisions run
prepend_sys_path = ["."]

# names of new revision files; tokens: rev, slug, epoch, year, month, day, hour, minute, second
# file_template = "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d-%%(rev)s_%%(slug)s"

# the slug of a file name is cut to this length
# truncate_slug_length = 40

# time zone of the dates in revision files, for instance Europe/Vienna; local time where it is not set
# timezone = "UTC"

# several folders with revisions
# version_locations = ["%(here)s/versions", "%(here)s/more_versions"]

# look into the folders below them too
# recursive_version_locations = false

# run env.py for "revision", "merge" and "history" too
# revision_environment = false

# accept revisions that are there as bytecode only
# sourceless = false

# encoding of new revision files
# output_encoding = "utf-8"

# tools that go over a new revision file
# [[tool.alembic.post_write_hooks]]
# name = "ruff"
# type = "module"
# module = "ruff"
# options = "check --fix REVISION_SCRIPT_FILENAME"
