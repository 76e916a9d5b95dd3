"""The description of the API, kept in api/openapi.json so that a change of it is reviewed: `--check` or `--write`."""

import json
import sys

from api.app import create_app
from api.description import described
from api.kept import KEPT


def written() -> str:
    """The description as it is kept: sorted, indented, one line at the end."""
    return json.dumps(described(create_app()), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the description, or tell whether the kept one still says the truth."""
    if arguments == ["--write"]:
        KEPT.write_text(written(), encoding="utf-8")
        return 0
    if arguments == ["--check"]:
        if KEPT.is_file() and KEPT.read_text(encoding="utf-8") == written():
            return 0
        sys.stderr.write("api/openapi.json differs: review the change, then run `python -m api.openapi --write`\n")
        return 1
    sys.stderr.write("usage: python -m api.openapi --check | --write\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
