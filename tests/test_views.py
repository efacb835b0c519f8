"""Views and templates: every field is used, and no template asks for a name that its view does not give."""

from collections.abc import Iterator
from dataclasses import fields
from functools import cache

import pytest
from fastapi.routing import APIRoute
from jinja2 import meta, nodes

import app.demo.routes
import app.main
from app.web.templating import BASE_NAMES, make_environment
from app.web.views import View

ENVIRONMENT = make_environment()
# The last one is what Jinja calls a number that chooses a plural.
GLOBALS = {"static", "inline", "path", "once", "_trans"}


def all_views() -> list[type[View]]:
    return sorted(_below(View), key=lambda view: view.__module__ + view.__name__)


def _below(view: type[View]) -> Iterator[type[View]]:
    for child in view.__subclasses__():
        yield child
        yield from _below(child)


def source_of(template: str) -> str:
    assert ENVIRONMENT.loader is not None
    return ENVIRONMENT.loader.get_source(ENVIRONMENT, template)[0]


@cache
def tree_of(template: str) -> nodes.Template:
    return ENVIRONMENT.parse(source_of(template))


@cache
def known_routes() -> frozenset[str]:
    routers = (*app.main.ROUTERS, app.main.app_router, app.demo.routes.router)
    return frozenset(route.name for router in routers for route in router.routes if isinstance(route, APIRoute))


@cache
def names_used(template: str) -> frozenset[str]:
    """The names that a template needs from outside, with those of the templates it extends and includes."""
    tree = tree_of(template)
    # Jinja takes what a child template imports or sets at its top for a name from outside when a block uses it.
    own = {
        alias[1] if isinstance(alias, tuple) else alias
        for node in tree.find_all(nodes.FromImport)
        for alias in node.names
    }
    own |= {macro.name for macro in tree.body if isinstance(macro, nodes.Macro)}
    own |= {
        node.target.name for node in tree.body if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name)
    }
    names = frozenset(meta.find_undeclared_variables(tree)) - own
    above: list[nodes.Extends | nodes.Include] = [*tree.find_all(nodes.Extends), *tree.find_all(nodes.Include)]
    for node in above:
        assert isinstance(node.template, nodes.Const), f"{template}: name the template you {type(node).__name__}"
        names |= names_used(node.template.value)
    return names - GLOBALS


@pytest.mark.parametrize("view", all_views(), ids=lambda view: f"{view.__module__}.{view.__name__}")
def test_view_and_template_agree(view: type[View]) -> None:
    if "template" not in view.__dict__ and view.__subclasses__():
        pytest.skip("a base of views has no template of its own")
    given = {field.name for field in fields(view)}
    used = names_used(view.template)
    assert given - used == set(), "fields that the template does not use"
    assert used - given - BASE_NAMES - set(ENVIRONMENT.globals) == set(), "names that the view does not give"


@pytest.mark.parametrize("name", ENVIRONMENT.list_templates())
def test_templates_have_no_inline_style_or_script(name: str) -> None:
    source = source_of(name)
    assert " style=" not in source
    assert "<script>" not in source
    assert " onclick=" not in source


@pytest.mark.parametrize("name", ENVIRONMENT.list_templates())
def test_templates_name_routes_that_exist(name: str) -> None:
    called = {
        call.args[0].value
        for call in tree_of(name).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "path" and isinstance(call.args[0], nodes.Const)
    }
    assert called - known_routes() == set()
