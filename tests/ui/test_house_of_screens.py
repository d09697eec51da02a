"""What holds for all screens, read from their source: no markup from data, colours in one place, keys with ids."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from fttui.ui.app import FttuiApp
from screen_classes import SOURCES, UI, own_bindings, ui_classes

# What takes a string as markup, and how it may be kept from doing so.
MARKUP_TAKERS = {
    "Static", "Label", "Button", "Checkbox", "RadioButton", "Select", "Option", "OptionList", "Collapsible", "TabPane",
    "Tab", "Tooltip", "Link", "notify", "update", "add_option", "add_options", "add_row", "add_column", "add_columns",
    "set_label", "replace_option_prompt",
}  # fmt: skip
MARKUP_ATTRIBUTES = {"border_title", "border_subtitle", "tooltip"}
Assigned = dict[str, list[ast.expr]]


def is_risky(node: ast.expr, assigned: Assigned) -> bool:
    """Whether an argument could be a string with something in it that we did not write.

    Calls are taken to return what is safe, but for those that make strings; a name is as its assignments nearby are.
    """
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            return is_risky(body, assigned) or is_risky(orelse, assigned)
        case ast.Name(id=name):
            return name not in assigned or any(is_risky(value, {}) for value in assigned[name])
        case ast.JoinedStr() | ast.BinOp() | ast.Attribute() | ast.Subscript():
            return True
        case ast.Call(func=ast.Attribute(attr="format")):
            return True
        case ast.Call(func=ast.Name(id="str" | "repr" | "safe" | "safe_line")):
            return True
        case _:
            return False


def assignments_in(scope: ast.AST) -> Assigned:
    assigned: Assigned = {}
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                assigned.setdefault(name, []).append(value)
            case _:
                pass
    return assigned


def risks_in(tree: ast.Module) -> set[tuple[int, str]]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    scopes: list[ast.AST] = [node for node in ast.walk(tree) if isinstance(node, functions)]
    return {risk for scope in scopes or [tree] for risk in _risks_of(scope, assignments_in(scope))}


def _risks_of(scope: ast.AST, assigned: Assigned) -> Iterator[tuple[int, str]]:
    for node in ast.walk(scope):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in MARKUP_TAKERS:
                off = any(
                    keyword.arg == "markup" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
                    for keyword in node.keywords
                )
                if not off and any(is_risky(argument, assigned) for argument in node.args[:1]):
                    yield node.lineno, f"{name}(...) of text that is not a constant"
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=value) if name in MARKUP_ATTRIBUTES:
                if is_risky(value, assigned):
                    yield node.lineno, f"{name} = text that is not a constant"
            case _:
                pass


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(UI)))
def test_text_that_is_not_ours_never_becomes_markup(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert risks_in(tree) == set()


def test_the_markup_check_sees_what_it_is_for() -> None:
    wrong = [
        "Static(f'{name}')",
        "app.notify(f'{x} saved')",
        "box.border_title = 'a' + b",
        "Label(str(x))",
        "Option(safe(x))",
        "Static(name)",
        "Button(self.name)",
        "text = f'{x}'\nStatic(text)",
    ]
    right = [
        "Static(Content(f'{x}'))",
        "app.notify(f'{x}', markup=False)",
        "box.border_title = Content(x)",
        "Label('[b]ours[/]')",
        "line = Content(x)\nlabel.update(line)",
    ]

    assert [source for source in wrong if not risks_in(ast.parse(source))] == []
    assert [source for source in right if risks_in(ast.parse(source))] == []


def test_colours_are_named_in_the_themes_alone() -> None:
    colour = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b(?![-\w])|\brgba?\(")
    named = {
        str(path.relative_to(UI)): found
        for path in (*SOURCES, *UI.rglob("*.tcss"))
        if path.name != "themes.py" and (found := colour.findall(path.read_text(encoding="utf-8")))
    }

    assert named == {}


def test_every_key_has_an_id_and_a_description() -> None:
    form = re.compile(r"[a-z_]+\.[a-z0-9-]+")
    wanting = [
        (owner.__name__, binding.key)
        for owner, binding in own_bindings()
        if not binding.description or not form.fullmatch(binding.id or "")
    ]

    assert wanting == []


def test_every_key_leads_to_an_action_that_exists() -> None:
    astray = []
    for owner, binding in own_bindings():
        action = binding.action.partition("(")[0]
        place = FttuiApp if action.startswith("app.") else owner
        name = f"action_{action.removeprefix('app.')}"
        if not hasattr(place, name) and not hasattr(place, f"_{name}"):
            astray.append((owner.__name__, binding.action))

    assert astray == []


def test_ids_are_unique_over_the_program() -> None:
    # Two keys may share an id when they do the same thing in one class; the same id in two classes may not.
    owners: dict[str, set[str]] = {}
    for owner, binding in own_bindings():
        owners.setdefault(binding.id or "", set()).add(owner.__name__)
    shared = {identity: names for identity, names in owners.items() if len(names) > 1}
    repeated = [
        (name, identity)
        for (name, identity), times in Counter((owner.__name__, b.id) for owner, b in own_bindings()).items()
        if times > 1
    ]

    assert shared == {}
    assert repeated == []


def test_stylesheets_of_screens_touch_their_own_screen_alone() -> None:
    names = {owner.__name__ for owner in ui_classes()}
    loose = {
        path.name: selector
        for path in (UI / "styles").glob("*.tcss")
        if path.name != "app.tcss"
        for selector in re.findall(r"^([^\s/}&][^{]*)\{", path.read_text(encoding="utf-8"), re.MULTILINE)
        if not any(part.split(".")[0].split()[0].split(":")[0] in names for part in selector.split(",") if part.strip())
    }

    assert loose == {}
