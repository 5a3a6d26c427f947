"""``python -m advisor`` is ``mlinfra``."""

from advisor.cli import main

if __name__ == "__main__":
    main()
