"""``python -m nbmigrate``: the terminal door."""

from nbmigrate.cli import main

if __name__ == "__main__":
    main(prog="nbmigrate")
