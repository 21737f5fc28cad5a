"""What each file of a service may import, as a list of what is allowed: anything else is a violation.

The walls between parts are import-linter's business (pyproject.toml); this is the finer list inside a file.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.rules import service_files

OWN = "<own>"
"""Stands for the package of the service itself."""

OUTSIDE = {
    "asyncio",
    "ftplib",
    "http",
    "multiprocessing",
    "smtplib",
    "socket",
    "ssl",
    "subprocess",
    "threading",
    "urllib",
}
"""Parts of the standard library that reach outside the function; rules and use cases need none of them."""

ALLOWED: dict[str, set[str]] = {
    "events": {"shared.events"},
    "domain": {
        f"{OWN}.domain",
        f"{OWN}.events",
        "shared.calendar",
        "shared.clock",
        "shared.errors",
        "shared.money",
        "stdnum",
    },
    "usecases": {
        f"{OWN}.domain",
        f"{OWN}.events",
        f"{OWN}.store",
        f"{OWN}.usecases",
        "shared.actor",
        "shared.calendar",
        "shared.clock",
        "shared.database",
        "shared.errors",
        "shared.jobs",
        "shared.money",
        "shared.sealing",
    },
    "schemas": {f"{OWN}.domain", f"{OWN}.schemas", "marshmallow", "shared.errors", "shared.money", "shared.schemas"},
}


IN_THE_GATEWAY: dict[str, set[str]] = {
    "domain": set(),
    "events": set(),
    "schemas": set(),
    # Their use cases are mostly one statement on one row, written where it is decided; notices are sent to whoever
    # identity says acts for a patient.
    "usecases": {"gateway.identity.keyed", "gateway.identity.queries", "shared.events", "sqlalchemy"},
}
"""What identity and notifications may import on top."""


def imported_names(path: Path) -> Iterator[tuple[int, str]]:
    """Every module a file imports, with the line; `from a import b` counts as a.b. Imports for types count too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def is_allowed(name: str, own: str, allowed: set[str]) -> bool:
    """Whether a file of the package `own` with this list may import `name`."""
    top = name.split(".", maxsplit=1)[0]
    if top in sys.stdlib_module_names:
        return top not in OUTSIDE
    prefixes = [each.replace(OWN, own) for each in allowed]
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def foreign_imports(root: Path) -> list[str]:
    """Imports that are not on the list of the file they stand in."""
    found = []
    for module, allowed in ALLOWED.items():
        for path in service_files(root, module):
            own = ".".join(path.relative_to(root).parts[:2])
            here = allowed | IN_THE_GATEWAY[module] if own.startswith("gateway.") else allowed
            found += [
                f"{path.relative_to(root)}:{line}: {name}"
                for line, name in imported_names(path)
                if not is_allowed(name, own, here)
            ]
    return found
