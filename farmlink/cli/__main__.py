"""`python -m farmlink.cli`: the scheduler beside a server is started so."""

from farmlink.cli import main

if __name__ == "__main__":
    main()
