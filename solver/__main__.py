"""`python -m solver`."""

import sys

from solver.cli import main

# Child processes import this module under another name and must not start the program again.
if __name__ == "__main__":
    sys.exit(main())
