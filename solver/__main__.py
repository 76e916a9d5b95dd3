"""`python -m solver`."""

import sys

# Child processes import this module under another name: they must not start the program again, nor wait for all of it.
if __name__ == "__main__":
    from solver.cli import main

    sys.exit(main())
