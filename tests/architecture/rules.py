"""The house rules that no linter knows, each a function from a source tree to its violations.

Every rule takes the root of a tree, so that its test can plant a violation in a small tree and see it found.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

CODE = ("shared", "services", "gateway", "simulators")
LONGEST_FILE = 300
LONGEST_FUNCTION = 50
FETCHED = {"node_modules", "vendor", "__pycache__", ".venv", "var", ".git"}
TEXT_SUFFIXES = {".py", ".md", ".html", ".css", ".js", ".toml", ".yml", ".yaml", ".in", ".sh", ""}

SERVICES = ("appointments", "billing", "meals", "records")
MODULES = ("domain", "events", "usecases", "store", "queries", "schemas", "api", "consumers", "timers", "seed", "app")
OPTIONAL_MODULES = ("providers", "hl7_import")
OTHER_FILES = {"__init__.py", "README.md", "migrations"}


def code_files(root: Path, *folders: str) -> Iterator[Path]:
    """The Python files of these folders (of all code by default), fetched things left out."""
    for folder in folders or (*CODE, "tests", "bench"):
        for path in sorted((root / folder).rglob("*.py")):
            if not FETCHED & set(path.relative_to(root).parts):
                yield path


def text_files(root: Path) -> Iterator[Path]:
    """Everything a person wrote, as text."""
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        hidden = any(part.startswith(".") and part not in {".ci", ".github"} for part in parts)
        if path.is_file() and path.suffix in TEXT_SUFFIXES and not hidden and not FETCHED & set(parts):
            yield path


def service_files(root: Path, module: str) -> Iterator[Path]:
    """One file of the anatomy in every service, identity and notifications, also where it has become a package."""
    for pattern in (f"{module}.py", f"{module}/**/*.py"):
        for owner in ("services/*", "gateway/identity", "gateway/notifications"):
            yield from sorted(root.glob(f"{owner}/{pattern}"))


def _name(root: Path, path: Path) -> str:
    return str(path.relative_to(root))


def _lines_matching(root: Path, path: Path, pattern: re.Pattern[str]) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return [
        f"{_name(root, path)}:{number}: {line.strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


# ----------------------------------------------------------------------------------------------------------- sizes


def long_files(root: Path) -> list[str]:
    """Files past the limit: they become a package of the same name."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in code_files(root)}
    return [f"{_name(root, path)}: {length} lines" for path, length in lengths.items() if length > LONGEST_FILE]


def long_functions(root: Path) -> list[str]:
    """Functions past the hard limit."""
    found = []
    for path in code_files(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    found.append(f"{_name(root, path)}: {node.name} has {length} lines")
    return found


# --------------------------------------------------------------------------------------------------------- anatomy


def anatomy(root: Path) -> list[str]:
    """The four services have the same files; a file may have grown into a package of the same name."""
    found = [f"services/{name} is missing" for name in SERVICES if not (root / "services" / name).is_dir()]
    for service in sorted(each for each in (root / "services").iterdir() if each.is_dir() and each.name not in FETCHED):
        here = _name(root, service)
        present = {each.name for each in service.iterdir()} - FETCHED
        found += [f"{here}/{each}.py is missing" for each in MODULES if not {f"{each}.py", each} & present]
        found += [f"{here}/{each} is missing" for each in sorted(OTHER_FILES - present)]
        known = {f"{each}.py" for each in MODULES + OPTIONAL_MODULES} | {*MODULES, *OPTIONAL_MODULES} | OTHER_FILES
        found += [f"{here}/{each} is not in the anatomy" for each in sorted(present - known)]
    return found


def migration_heads(root: Path) -> list[str]:
    """Each history has a HEAD file that names its newest migration, so that two branches conflict in git."""
    found = []
    for versions in sorted((*root.glob("services/*/migrations"), *root.glob("gateway/**/migrations"))):
        newest = max((path.stem for path in (versions / "versions").glob("[0-9]*.py")), default="none")
        head = versions / "HEAD"
        named = head.read_text(encoding="utf-8").strip() if head.exists() else "nothing"
        if named not in {newest, newest.partition("_")[0]}:
            found.append(f"{_name(root, head)} names {named}, the newest migration is {newest}")
    return found


def vague_names(root: Path) -> list[str]:
    """A file is named for what it holds."""
    vague = {"utils.py", "util.py", "helpers.py", "common.py", "misc.py"}
    return [_name(root, path) for path in code_files(root) if path.name in vague]


# ----------------------------------------------------------------------------------------------------------- words


def unfinished(root: Path) -> list[str]:
    """Nothing in the tree says that it is to be done later."""
    pattern = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    return [line for path in text_files(root) for line in _lines_matching(root, path, pattern)]


def registry_addresses(root: Path) -> list[str]:
    """Lock files pin versions and hashes; where to fetch them is the machine's own business."""
    pattern = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|\"resolved\"")
    locks = [*sorted(root.glob("requirements*")), *sorted(root.glob("gateway/package*.json"))]
    return [line for path in locks for line in _lines_matching(root, path, pattern)]


def raw_database_forms(root: Path) -> list[str]:
    """Forms that behave differently on SQLite and PostgreSQL are written once, in shared/database.

    A plain BIGINT is the same on both for amounts (`…_fen`), and only differs where the database counts it up.
    Simulators stand for the outside world and keep books of their own, on SQLite only.
    """
    pattern = re.compile(
        r"(?<![A-Za-z_])DateTime\(|\bBigInteger\b(?!.*_fen)(?<!_fen\", sa.BigInteger)|\.on_conflict_|\bON CONFLICT\b"
        r"|\bCREATE (?:OR REPLACE )?TRIGGER\b"
    )
    ours = code_files(root, "shared", "services", "gateway")
    files = [path for path in ours if not path.is_relative_to(root / "shared" / "database")]
    return [line for path in files for line in _lines_matching(root, path, pattern)]


def environment_readers(root: Path) -> list[str]:
    """The environment is read in one place."""
    pattern = re.compile(r"\bos\.(?:environ|getenv)\b|\bfrom os import .*(?:environ|getenv)\b")
    files = [path for path in code_files(root, *CODE) if path != root / "shared" / "settings.py"]
    return [line for path in files for line in _lines_matching(root, path, pattern)]


def clock_readers(root: Path) -> list[str]:
    """The clock is read in the door; below it `now` is an argument."""
    pattern = re.compile(r"\.now\(|\butcnow\(|\butc_now\b|\bdate\.today\(|\btime\.(?:time|monotonic)\(")
    files = [p for module in ("domain", "events", "usecases", "store", "queries") for p in service_files(root, module)]
    return [line for path in files for line in _lines_matching(root, path, pattern)]


def hidden_commits(root: Path) -> list[str]:
    """Only the door commits."""
    pattern = re.compile(r"\.(?:commit|rollback|begin|begin_nested)\(")
    files = [p for module in ("domain", "usecases", "store", "queries") for p in service_files(root, module)]
    return [line for path in files for line in _lines_matching(root, path, pattern)]


def writing_queries(root: Path) -> list[str]:
    """Queries read."""
    pattern = re.compile(r"\b(?:insert|update|delete|insert_once)\(|\buow\.(?:add|publish|write)\(|\bwith_for_update\b")
    return [line for path in service_files(root, "queries") for line in _lines_matching(root, path, pattern)]


def sleeping_tests(root: Path) -> list[str]:
    """Tests wait for something that happens, never for time to pass."""
    pattern = re.compile(r"\b(?:time|gevent)\.sleep\(|\bwait_for_timeout\(")
    return [line for path in code_files(root, "tests") for line in _lines_matching(root, path, pattern)]


# ---------------------------------------------------------------------------------------------------------- events

_EVENT_TYPE = re.compile(r"[a-z_]+\.[a-z_]+\.v[0-9]+")


def published_types(root: Path) -> set[str]:
    """The event types that `@fact("…")` declares anywhere in services and gateway."""
    found = set()
    for path in service_files(root, "events"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "fact":
                found |= {
                    arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                }
    return found


def subscribed_types(root: Path) -> set[str]:
    """The event types that consumers name."""
    found = set()
    for path in service_files(root, "consumers"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _EVENT_TYPE.fullmatch(node.value):
                found.add(node.value)
    return found


def events_without_golden_file(root: Path) -> list[str]:
    """Publisher and consumer meet in one golden example per type, and every example has a publisher."""
    golden = {path.name.removesuffix(".json") for path in (root / "shared" / "contracts").glob("*.json")}
    published, subscribed = published_types(root), subscribed_types(root)
    return [
        *(f"{each} is published and has no golden file" for each in sorted(published - golden)),
        *(f"{each} is subscribed to and nobody publishes it" for each in sorted(subscribed - published)),
        *(f"{each} has a golden file and nobody publishes it" for each in sorted(golden - published)),
        *(f"{each} is not service.noun_past.vN" for each in sorted(published) if not _EVENT_TYPE.fullmatch(each)),
    ]
