"""The placeholders of a template: how they are read, which there are, and what is wrong with them.

They are Jinja's, as document templates of other systems have them: `{{ name }}`, `{% for %}`, `{% if %}`, and
in documents `{{p name }}`, `{%tr for %}` and their like, which stand for the paragraph or row they are in.
Nothing in them can call anything, so a template cannot do more than name what a brief has.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from data.profile_template_file import Passage, Story
from data.profile_template_names import (
    FILTERS,
    MEMBERS,
    PARTS,
    TABLES,
    TEXTS,
    columns_of,
    is_block,
    known,
    member_of,
    name_of,
)
from layers.faults import Fault
from layers.hints import did_you_mean, one_of, reader_says, shown

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.sandbox import SandboxedEnvironment

_TAG = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
_UNIT = re.compile(r"(\{[{%#])(?:p|tr|tc|r)(?=\s)")
_STATEMENT = re.compile(r"\{%[-+]?\s*(\w+)")
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_ALLOWED = (
    "Template", "Output", "TemplateData", "For", "If", "Assign", "Name", "Const", "Tuple", "Getattr",
    "Getitem", "Filter", "Test", "Compare", "Operand", "Not", "And", "Or", "CondExpr", "Concat", "Keyword",
)  # fmt: skip
HOW = "Placeholders are written {{ name }}, loops {% for row in lines.rows %} … {% endfor %}"
_OF_JINJA = ("loop", "true", "false", "none", "True", "False", "None")
_LOOP = ("index", "index0", "first", "last", "length", "revindex")


@lru_cache(maxsize=1)
def environment() -> SandboxedEnvironment:
    """Where templates are filled: values are escaped, nothing can be called, what is not known stops it."""
    from jinja2 import StrictUndefined  # noqa: PLC0415  (start-up time)
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    made = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    return made


def check_words(story: Story, file: str) -> Iterator[Fault]:
    """Every fault of the placeholders in paragraphs that are filled as one."""
    try:
        yield from list(_checked(story, file))
    except (RecursionError, SyntaxError):
        most = max(story.passages, key=lambda passage: passage.text.count("{"))
        what, expected = (
            f"placeholders stand too deep inside each other, {most.where}",
            "fewer loops and brackets inside each other",
        )
        yield Fault(what, file, None, "", shown(most.text), expected, HOW)


def _checked(story: Story, file: str) -> Iterator[Fault]:
    from jinja2 import TemplateSyntaxError  # noqa: PLC0415

    lines = [plain(passage.text) for passage in story.passages]
    try:
        # A paragraph is a line, so that what the parser says of lines can be told of paragraphs.
        tree = environment().parse("\n".join(lines))
    except TemplateSyntaxError as error:
        begun = _left_open(lines)
        line = begun or min(max(error.lineno, 1), len(lines))
        yield _syntax(story.passages[line - 1], file, "" if begun else str(error.message))
        return
    strange = list(_strange(tree))
    for found in strange:
        yield found.fault(story.passages[found.line - 1], file)
    if not strange:
        # What can be read may still not become a program: Python has no more than twenty loops in one.
        environment().compile("\n".join(lines))
    yield from _blocks(story, file)


def plain(text: str) -> str:
    """A paragraph as Jinja reads it: in one line, its tags with straight quotes and without their unit."""
    one = " ".join(text.split("\n"))
    return _UNIT.sub(r"\1", _TAG.sub(lambda tag: tag[0].translate(_QUOTES), one))


def _left_open(lines: list[str]) -> int:
    """The line, from 1, where something begins that does not end; 0 where all does.

    The parser names the line in which it gave up looking for the end, which may be the last of all.
    """
    begun: list[int] = []
    for number, line in enumerate(lines, 1):
        if re.search(r"\{[{%#]", _TAG.sub("", line)):
            return number
        for word in _STATEMENT.findall(line):
            if word in ("for", "if"):
                begun.append(number)
            elif word in ("endfor", "endif") and begun:
                begun.pop()
    return begun[-1] if begun else 0


def _syntax(passage: Passage, file: str, message: str) -> Fault:
    if not message:
        what, expected = f"a placeholder or a loop has no end, {passage.where}", "both its ends"
        return Fault(what, file, None, "", shown(passage.text), expected, HOW)
    what = f"a placeholder cannot be read, {passage.where}"
    return Fault(what, file, None, "", reader_says(message), "whole placeholders", HOW)


class _Found:
    """One thing that a template names and that there is not."""

    def __init__(self, line: int, what: str, got: str, options: Collection[str]) -> None:
        self.line, self.what, self.got, self.options = line, what, got, options

    def fault(self, passage: Passage, file: str) -> Fault:
        close = did_you_mean(self.got, self.options)
        what = self.what.format(passage.where)
        return Fault(what, file, None, "", shown(self.got), one_of(self.options), close)


def _strange(tree: nodes.Template) -> Iterator[_Found]:
    own: dict[str, list[str]] = {name: [] for name in _OF_JINJA}
    for name, columns in _given(tree):
        # Two loops may call their rows the same.
        own[name] = [*own.get(name, []), *columns]
    inner = {id(node.node) for node in _all(tree, "Getattr")}
    for node in _walk(tree):
        kind = type(node).__name__
        if kind not in _ALLOWED:
            options = ("for", "if", "set")
            yield _Found(node.lineno, "templates cannot do this, {}", kind.lower(), options)
        elif kind == "Filter" and node.name not in FILTERS:
            yield _Found(node.lineno, "unknown filter, {}", str(node.name), FILTERS)
        elif kind == "Name" and node.ctx == "load" and id(node) not in inner:
            if node.name not in own and name_of(node.name) not in known():
                yield _Found(node.lineno, "unknown placeholder, {}", node.name, known())
        elif kind == "Getattr" and id(node) not in inner:
            yield from _member(node, own)


def _member(node: Any, own: dict[str, list[str]]) -> Iterator[_Found]:
    """A chain of names such as `lines.rows`, `row.staff` or `open.tables.answered.rows`."""
    path = _path(node)
    if not path:
        return
    first, chain, whole = path[0], path[1:], ".".join(path)
    if first in own:
        if first == "loop" and chain[0] not in _LOOP:
            yield _Found(node.lineno, "unknown placeholder, {}", whole, [f"loop.{name}" for name in _LOOP])
        elif own[first] and chain[0] not in own[first]:
            yield _Found(node.lineno, "unknown column, {}", whole, [f"{first}.{name}" for name in own[first]])
        return
    name = name_of(first)
    if name not in PARTS:
        options = known()
        if name in TEXTS:
            options = [first]
        yield _Found(node.lineno, "unknown placeholder, {}", whole, options)
        return
    if member_of(chain[0]) not in MEMBERS:
        options = [f"{first}.{one}" for one in (MEMBERS if first == name else MEMBERS.values())]
        yield _Found(node.lineno, "unknown placeholder, {}", whole, options)
    elif member_of(chain[0]) == "tables" and len(chain) > 1 and chain[1] not in TABLES.get(name, {}):
        options = [f"{first}.{chain[0]}.{table}" for table in TABLES.get(name, {})]
        yield _Found(node.lineno, "unknown placeholder, {}", whole, options)


def _given(tree: nodes.Template) -> Iterator[tuple[str, list[str]]]:
    """Names that a template itself gives; of each that is a row its columns."""
    for node in _all(tree, "For"):
        path = _path(node.iter)
        columns: list[str] = []
        if len(path) > 1 and member_of(path[-1]) == "rows":
            columns = columns_of(name_of(path[0]), path[2] if len(path) == 4 else "")
        targets = [node.target, *getattr(node.target, "items", [])]
        yield from ((target.name, columns) for target in targets if hasattr(target, "name"))
    for node in _all(tree, "Assign"):
        if hasattr(node.target, "name"):
            yield node.target.name, []


def _path(node: Any) -> list[str]:
    """A chain of names, first to last; none where it is anything else."""
    chain: list[str] = []
    while type(node).__name__ == "Getattr":
        chain.insert(0, node.attr)
        node = node.node
    return [node.name, *chain] if type(node).__name__ == "Name" else []


def _blocks(story: Story, file: str) -> Iterator[Fault]:
    """Blocks that do not stand alone in a paragraph, or stand where there is no room for one."""
    for passage in story.passages:
        for tag in _TAG.findall(plain(passage.text)):
            name = block_of(tag)
            if not name:
                continue
            alone = len(_TAG.findall(passage.text)) == 1 and not _TAG.sub("", passage.text).strip()
            if not passage.roomy or (name == "parts" and passage.slide):
                what, expected = (
                    f"no room for a block, {passage.where}",
                    "a paragraph of the text, or a shape",
                )
                yield Fault(what, file, None, "", shown(tag), expected, "Use its words there, not its block")
            elif not alone:
                what = f"a block stands beside other text, {passage.where}"
                hint = "Give it a paragraph of its own"
                yield Fault(what, file, None, "", shown(passage.text), "the placeholder alone", hint)


def block_of(text: str) -> str:
    """The block, in English, that a paragraph of nothing but its placeholder stands for; "" for any other."""
    found = re.fullmatch(r"\{\{\s*(\w+)\s*(?:\.\s*(\w+)\s*)?\}\}", plain(text).strip())
    if not found:
        return ""
    name, member = name_of(found[1]), member_of(found[2] or "")
    return ".".join(filter(None, (name, member))) if is_block(name, member) else ""


def _walk(tree: Any) -> Iterator[Any]:
    yield tree
    for child in tree.iter_child_nodes():
        yield from _walk(child)


def _all(tree: Any, kind: str) -> Iterator[Any]:
    return (node for node in _walk(tree) if type(node).__name__ == kind)
