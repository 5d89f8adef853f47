"""What has no docstring in the package: parameters of ``configure()``, configuration keys, variables.

The build compares the names with those in the package and stops where one is missing or one too many.
"""

from __future__ import annotations

CONFIGURE = {
    "alembic_module_prefix": "what stands before a directive in rendered Python (default `op.`)",
    "audit": "write each step into the audit log (ours)",
    "autogenerate_plugins": "names of the plugins that compare; `~` in front leaves one out",
    "compare_server_default": (
        "`False`: server defaults are not compared (on by default); or a function of "
        "`(context, inspected_column, metadata_column, inspected_default, metadata_default, rendered)`"
    ),
    "compare_type": (
        "`False`: types are not compared; or a function of "
        "`(context, inspected_column, metadata_column, inspected_type, metadata_type)` that gives "
        "`True`, `False`, or `None` for the usual comparison"
    ),
    "connection": "the SQLAlchemy connection to run on",
    "dialect_name": "the database to write SQL for, where there is no connection",
    "dialect_opts": "arguments of SQLAlchemy's dialect, where there is no connection",
    "downgrade_token": "the variable in `script.py.mako` that gets the lines of `downgrade()`",
    "include_name": "a function of `(name, type_, parent_names)`: what of the database is looked at",
    "include_object": "a function of `(object, name, type_, reflected, compare_to)`: what is compared",
    "include_schemas": "look at all schemas of the database, not at the default one only",
    "literal_binds": "with `--sql`: write values into the text",
    "lock": "what keeps two runs apart: `database` (its own lock), `lease` (a row), `off` (ours)",
    "lock_retries": "how often a step is tried again that could not have a lock in time (ours)",
    "lock_timeout": "seconds that another run, or a lock of a table, is waited for (ours)",
    "mssql_batch_separator": "with `--sql` on SQL Server: the line between batches (default `GO`)",
    "on_version_apply": "one function, or several, called after each step: `(ctx, step, heads, run_args)`",
    "oracle_batch_separator": "with `--sql` on Oracle: the line between batches (default `/`)",
    "output_buffer": "with `--sql`: the stream that gets the text",
    "output_encoding": "with `--sql`: the text's encoding",
    "process_revision_directives": "a function of `(context, revision, directives)` that may change a new file",
    "render_as_batch": "write every change of a table as a batch",
    "render_item": "a function of `(type_, object, autogen_context)`: Python text, or `False` for the usual",
    "sqlalchemy_module_prefix": "what stands before SQLAlchemy's names in rendered Python (default `sa.`)",
    "starting_rev": "where a `--sql` script begins",
    "statement_timeout": "seconds that a statement may take (ours)",
    "tag": "a text for env.py: `get_tag_argument()`",
    "target_metadata": "the models: a MetaData, or several in a list",
    "template_args": "further variables for `script.py.mako`",
    "transaction_per_migration": "one transaction for each revision, where not all in one",
    "transactional_ddl": "say that DDL is, or is not, part of transactions, where the dialect is wrong",
    "upgrade_token": "the variable in `script.py.mako` that gets the lines of `upgrade()`",
    "url": "the address to write SQL for, where there is no connection",
    "user_module_prefix": "what stands before types of your own in rendered Python",
    "version_table": "the version table's name (default `alembic_version`)",
    "version_table_pk": "whether the version table has a primary key (default `True`)",
    "version_table_schema": "the version table's schema",
}

# main section of alembic.ini, or [tool.alembic]
KEYS = {
    "script_location": "the folder with env.py, `script.py.mako` and versions/; `package:folder` is found by import",
    "sqlalchemy.url": "the database; read by env.py, and by `%migrate connect alembic.ini`",
    "databases": "names of sections with a `sqlalchemy.url` each; read by env.py of the template `multidb`",
    "version_locations": "folders with revisions, where it is not one called versions/",
    "recursive_version_locations": "look into the folders below them too",
    "prepend_sys_path": "put in front of `sys.path` while env.py and revisions run",
    "path_separator": "how lists of paths are separated: `os`, `space`, `newline`, `:` or `;`",
    "version_path_separator": "the same for `version_locations`; deprecated",
    "file_template": (
        "names of new files; tokens `rev`, `slug`, `epoch`, `year`, `month`, `day`, `hour`, `minute`, `second`"
    ),
    "truncate_slug_length": "the slug in a file's name is cut to this length (default 40)",
    "timezone": "time zone of the dates in files, as in `Europe/Vienna`; local time without it",
    "revision_environment": "run env.py for `revision`, `merge` and `history` too",
    "sourceless": "accept revisions that are there as bytecode only",
    "output_encoding": "encoding of new files (default `utf-8`)",
    "post_write_hooks": "in toml: a list of tables, each with `name`, `type` and the hook's own keys",
    "lock": "as the parameter of `configure()`",
    "lock_timeout": "as the parameter of `configure()`",
    "statement_timeout": "as the parameter of `configure()`",
    "lock_retries": "as the parameter of `configure()`",
    "audit": "as the parameter of `configure()`",
}

# in [post_write_hooks] of alembic.ini with the hook's name in front, as in ruff.type
HOOK_KEYS = {
    "type": "`module`, `exec`, `console_scripts`, or one that `write_hooks.register` added",
    "module": "for `module`: what `python -m` would be given",
    "executable": "for `exec`: the program",
    "entrypoint": "for `console_scripts`: the script's name",
    "options": "arguments; `REVISION_SCRIPT_FILENAME` stands for the file, which else comes first",
    "cwd": "the folder to run in",
}

VARIABLES = {
    "ALEMBIC_CONFIG": "the configuration file, where `-c` names none",
    "NBMIGRATE_CACHE_DIR": "where the index of revision headers is kept; else the system's cache folder",
    "XDG_CACHE_HOME": "the system's cache folder, outside Windows",
    "LOCALAPPDATA": "the system's cache folder, on Windows",
    "COLUMNS": "how wide help texts are",
    "EDITOR": "the editor that `edit` opens",
    "VISUAL": "the same, where `EDITOR` is not set",
}
