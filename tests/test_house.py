"""The house rules that no linter knows: the floors, the size of a file, what may leave the machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("layers", "data", "dashboard")
LONGEST = 400
LOCKS = ("requirements.lock", "requirements-dev.lock")
# The names of SVG and of XML links in SVG; identifiers, never fetched.
NAMESPACES = ("http://www.w3.org/",)
# Import names that are not their package's name.
PACKAGES = {
    "docx": "python-docx",
    "pptx": "python-pptx",
    "argon2": "argon2-cffi",
    "importlinter": "import-linter",
    "PIL": "pillow",
    "markdown_it": "markdown-it-py",
    "colour": "colour-science",
    "zxingcpp": "zxing-cpp",
}
# FastAPI's own foundations, and its public face for sockets, middleware and threads.
COME_WITH_FASTAPI = {"starlette", "anyio"}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def package_name(requirement: str) -> str:
    """`dash[fastapi]>=4.4.1` is dash; case and the three separators do not matter."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", requirement, maxsplit=1)[0]).lower()


def files(*suffixes: str, under: tuple[str, ...]) -> list[Path]:
    return sorted(
        path
        for folder in under
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes and "__pycache__" not in path.parts
    )


def test_imports_run_down_only() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("folder", [*FLOORS, "tests", "tools"])
def test_no_file_is_too_long(folder: str) -> None:
    found = files(".py", ".js", ".css", under=(folder,))
    assert found
    long = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in found}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_versions_and_hashes_and_no_address(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    pinned = [line for line in lines if not line.startswith(" ")]
    assert pinned
    for line in pinned:
        assert re.match(r"^[a-z0-9][a-z0-9.-]*==[0-9][\w.+!]*( ; [^/]+)? \\$", line), line
    for line in lines:
        assert re.match(r"^(    --hash=sha256:[0-9a-f]{64}( \\)?|[a-z0-9].*)$", line), line
        assert "://" not in line
        assert not re.search(r"--(index|extra-index|find-links|trusted-host)", line), line


def versions(name: str) -> dict[str, set[str]]:
    """Package to its pinned versions (several when Python's version decides)."""
    pins: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text("utf-8").splitlines():
        if not line.startswith(" "):
            package, version = line.split()[0].split("==")
            pins.setdefault(package, set()).add(version)
    return pins


def test_both_locks_agree_and_cover_the_dependencies() -> None:
    run, dev = versions(LOCKS[0]), versions(LOCKS[1])
    assert {package: dev.get(package) for package in run} == run
    assert {package_name(text) for text in project()["dependencies"]} <= run.keys()
    assert {package_name(text) for text in project()["optional-dependencies"]["dev"]} <= dev.keys()
    assert "setuptools" in run, "the project itself is built from the lock, without a network"


def test_readme_says_why_for_every_dependency() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    section = re.search(r"^## Dependencies\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section, "README.md has no heading '## Dependencies'"
    rows = re.findall(r"^\|\s*`?([\w.\[\]-]+)`?\s*\|\s*(.*?)\s*\|\s*$", section[1], re.MULTILINE)
    table = {
        package_name(package): why for package, why in rows if package != "package" and set(package) != {"-"}
    }
    assert table.keys() == {package_name(text) for text in project()["dependencies"]}
    assert [package for package, why in table.items() if not why] == []


def imported(path: Path) -> Iterator[str]:
    """Top-level names of absolute imports, wherever in the file they stand."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def third_party(paths: list[Path]) -> set[str]:
    """Packages that the files import."""
    names = {name for path in paths for name in imported(path)}
    ours = {*FLOORS, "tests", *(path.stem for path in paths)}
    return {PACKAGES.get(name, package_name(name)) for name in names - set(sys.stdlib_module_names) - ours}


def test_what_is_imported_is_declared() -> None:
    declared = {package_name(text) for text in project()["dependencies"]} | COME_WITH_FASTAPI
    dev = declared | {package_name(text) for text in project()["optional-dependencies"]["dev"]}
    sources = files(".py", under=FLOORS)
    assert third_party(sources) - declared == set()
    # The scripts that draw the samples are run by hand; the board never imports them.
    assert third_party(files(".py", under=("tools", "tests"))) - dev == {"tools"}


def test_assets_name_no_address_to_fetch_from() -> None:
    for path in files(".js", ".css", ".svg", ".html", ".json", under=("dashboard",)):
        text = path.read_text("utf-8")
        found = re.findall(r"\b(?:https?|wss?)://\w[^\s\"'`)<>]*", text)
        found += re.findall(r"[\"'(](//\w[\w-]*\.\w[^\s\"'`)<>]*)", text)
        strange = [address for address in found if not address.startswith(NAMESPACES)]
        assert strange == [], path.relative_to(ROOT)


def test_state_is_never_written_inside_the_folders() -> None:
    """What the sources hold is sources: no database, log or snapshot lies among them."""
    kept = {".db", ".sqlite", ".sqlite3", ".log", ".duckdb", ".wal"}
    assert [path for folder in FLOORS for path in (ROOT / folder).rglob("*") if path.suffix in kept] == []


def test_make_help_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    phony = set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split()) - {"static"}
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in listed.splitlines() if line.startswith("  make ")} == phony


def test_continuous_integration_runs_the_tests() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text("utf-8")
