"""Wrong arguments of every verb."""

# ruff: noqa: E501 (a table: one case, one line where it can be)

from __future__ import annotations

from bad_input.cases import TERMINAL, case, nothing

NO_NUMBER = ("lock_timeout is", "give a number of seconds, for example lock_timeout = 5")

CASES = [
    case("no verb", "", nothing, "too few arguments: name a verb (init, ", doors=TERMINAL),
    case("a verb that is near", "upgrde head", nothing, "unknown verb 'upgrde': did you mean 'upgrade'?"),
    case("a verb that is far", "xyzzy", nothing, "unknown verb 'xyzzy': verbs are init, ", "upgrade, downgrade"),
    case("a verb in capitals", "UPGRADE head", nothing, "unknown verb 'UPGRADE': did you mean 'upgrade'?"),
    case("an unknown flag", "upgrade --nosuch", nothing, "unrecognized arguments: --nosuch; see: ", "upgrade -h"),
    case("a flag that is near", "revision --autogenrate -m x", nothing, "did you mean --autogenerate?"),
    case("a flag of another verb", "heads --autogenerate", nothing, "--autogenerate; see: ", "heads -h"),
    case("a flag without its value", "revision -m", nothing, "-m/--message: expected one argument"),
    case("one argument too many", "upgrade aaaa bbbb", nothing, "unrecognized arguments: bbbb; see: "),
    case("an argument where none is", "heads x", nothing, "unrecognized arguments: x; see: ", "heads -h"),
    case("downgrade without a target", "downgrade", nothing, "required: revision (an id, base, -1, ...)"),
    case("stamp without a target", "stamp", nothing, "required: revisions; see: ", "stamp -h"),
    case("edit without a target", "edit", nothing, "required: revision; see: ", "edit -h"),
    case("merge without heads", "merge -m x", nothing, "what to join: two heads or more, or 'heads'"),
    case("a time that is a word", "upgrade --lock-timeout soon", nothing, "--lock-timeout: 'soon' is no number"),
    case("a time below nothing", "upgrade --lock-timeout -1", nothing, *NO_NUMBER),
    case("a time that is no number", "upgrade --lock-timeout nan", nothing, *NO_NUMBER),
    case("a time that never ends", "upgrade --statement-timeout inf", nothing, "statement_timeout is inf: give"),
    case("a rename without a new name", "revision --autogenerate --rename a", nothing, "--rename a: write old=new"),
    case("a dialect that is far", "sql head --dialect klingon", nothing, "'klingon'", "write sqlite, postgresql"),
    case("a dialect that is near", "sql head --dialect postgres", nothing, "did you mean 'postgresql'?"),
    case("a template that is far", "init elsewhere -t nosuch", nothing, "'nosuch'; there are async, generic"),
    case("a template that is near", "init elsewhere -t genric", nothing, "'genric'", "did you mean 'generic'?"),
    case("init where something is", "init migrations/versions", nothing, "already exists and is not empty"),
    case("init where a file is", "init shop.db", nothing, "shop.db is a file; 'init' needs a folder"),
    case("init below a file", "init shop.db/scripts", nothing, "Can't make the folder shop.db/scripts", "Not a dir"),
    case("--sql with --purge", "stamp --sql --purge head", nothing, "Can't use --purge with --sql mode"),
    case("--sql with --autogenerate", "revision --sql --autogenerate -m x", nothing, "--sql with --autogenerate"),
    case("--sql without an env.py", "revision --sql -m x", nothing, "revision_environment is not configured"),
    case("downgrade --sql without a range", "downgrade --sql base", nothing, "<fromrev>:<torev>", "head:base"),
    case("--sql with --undo", "upgrade --sql --undo", nothing, "for a database, not for SQL", "leave out --sql"),
    case("two beginnings", "stamp --sql aaaa:bbbb base:bbbb", nothing, "a single starting revision at a time"),
    case("check without models", "check", nothing, "there are no models to compare with", "target_metadata ="),
    case("a label with a colon", "revision -m x --branch-label a:b", nothing, "'a:b' can't be a branch label"),
    case("an id with a slash", "revision -m x --rev-id ../x", nothing, "'../x' can't be a revision identifier"),
    case("an id with a star", "revision -m x --rev-id 'a*'", nothing, "'a*' can't be a revision identifier"),
    case("an id that means something", "revision -m x --rev-id head", nothing, "'head' can't be a revision"),
    case("an id that is too long", f"revision -m x --rev-id {'a' * 33}", nothing, "33 characters", "holds 32"),
    case("an id that no history has", "revision -m x --rev-id __init__", nothing, "passed over as no revision"),
    case("a version_path elsewhere", "revision -m x --version-path elsewhere", nothing, "Path elsewhere is not"),
    case("a file in the name's place", "revision -m x --rev-id cccc",
         lambda place: place.script("cccc", "bbbb").unlink() or (place.versions / "cccc_x.py").mkdir(),
         "cccc_x.py exists already; give the revision another id or message"),
]  # fmt: skip
