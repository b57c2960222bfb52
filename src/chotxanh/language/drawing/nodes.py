"""Turns the nodes of a parsed template, its base and its includes into pieces."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, cast

from django.template import Template
from django.template.base import FilterExpression, Node, NodeList, TextNode, VariableNode
from django.template.defaulttags import (
    CommentNode,
    CsrfTokenNode,
    ForNode,
    IfNode,
    LoadNode,
    URLNode,
    WithNode,
)
from django.template.engine import Engine
from django.template.library import SimpleNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.templatetags.static import StaticNode
from django.urls import reverse

from chotxanh.language.drawing.pieces import Draw, Fixed, chosen, in_a_row, remembered, repeated, within
from chotxanh.language.drawing.values import (
    LeftToDjango,
    Scope,
    condition_of,
    fixed_value,
    is_fixed,
    value_of,
    written,
)
from chotxanh.language.templatetags.language import Once, language_code, problem, sign, t

# They give the same in one language, whoever reads.
_SAYS_THE_SAME = (language_code, problem, sign, t)
Blocks = Mapping[str, BlockNode]


def drawing_of(template: Template) -> Draw:
    """Return what draws a template. Raises LeftToDjango if something in it is not drawn here."""
    return in_a_row(_Turning(template.engine, {}).pieces(template.nodelist))


class _Turning:
    """The turning of one template: blocks are what its children put in their place."""

    def __init__(self, engine: Engine, blocks: Blocks) -> None:
        self.engine = engine
        self.blocks = blocks

    def pieces(self, nodes: Iterable[Node]) -> list[Draw]:
        """Return the pieces of these nodes."""
        return [piece for node in nodes for piece in self._pieces_of(node)]

    def _pieces_of(self, node: Node) -> list[Draw]:
        turn = _TURNS.get(type(node))
        if turn is None:
            raise LeftToDjango
        return turn(self, node)

    def _row(self, nodes: Iterable[Node]) -> Draw:
        return in_a_row(self.pieces(nodes))

    def text(self, node: TextNode) -> list[Draw]:
        return [Fixed([partial(str, node.s)])]

    def nothing(self, _node: Node) -> list[Draw]:
        return []

    def variable(self, node: VariableNode) -> list[Draw]:
        expression = node.filter_expression
        if getattr(expression.var, "var", "").startswith("block."):
            raise LeftToDjango  # what a block's base has in its place
        value = value_of(expression)
        return [lambda scope, page: page.append(written(value(scope)))]

    def tag(self, node: SimpleNode) -> list[Draw]:
        if node.takes_context or node.target_var is not None:
            raise LeftToDjango
        function = node.func
        if function in _SAYS_THE_SAME and is_fixed(*node.args, *node.kwargs.values()):
            arguments = [fixed_value(each) for each in node.args]
            named = {name: fixed_value(each) for name, each in node.kwargs.items()}
            return [Fixed([lambda: written(function(*arguments, **named))])]
        values = [value_of(each) for each in node.args]
        names = {name: value_of(each) for name, each in node.kwargs.items()}

        def draw(scope: Scope, page: list[str]) -> None:
            given = {name: value(scope) for name, value in names.items()}
            page.append(written(function(*[value(scope) for value in values], **given)))

        return [draw]

    def address(self, node: URLNode) -> list[Draw]:
        if node.asvar:
            raise LeftToDjango
        name = fixed_value(node.view_name)
        if is_fixed(*node.args, *node.kwargs.values()):
            arguments = [fixed_value(each) for each in node.args]
            named = {key: fixed_value(each) for key, each in node.kwargs.items()}
            return [Fixed([lambda: written(reverse(name, args=arguments, kwargs=named))])]
        values = [value_of(each) for each in node.args]
        names = {key: value_of(each) for key, each in node.kwargs.items()}

        def draw(scope: Scope, page: list[str]) -> None:
            given = {key: value(scope) for key, value in names.items()}
            page.append(written(reverse(name, args=[value(scope) for value in values], kwargs=given)))

        return [draw]

    def static(self, node: StaticNode) -> list[Draw]:
        if node.varname is not None:
            raise LeftToDjango
        path = fixed_value(node.path)
        return [Fixed([lambda: written(StaticNode.handle_simple(path))])]

    def token(self, node: CsrfTokenNode) -> list[Draw]:
        return [lambda scope, page: page.append(node.render(scope))]

    def choice(self, node: IfNode) -> list[Draw]:
        return [
            chosen(
                [
                    (condition_of(condition) if condition is not None else None, self._row(nodes))
                    for condition, nodes in node.conditions_nodelists
                ]
            )
        ]

    def loop(self, node: ForNode) -> list[Draw]:
        if node.is_reversed:
            raise LeftToDjango
        body = self._row(cast("NodeList", node.nodelist_loop))
        empty = self._row(cast("NodeList", node.nodelist_empty))
        values = value_of(cast("FilterExpression", node.sequence), None)
        return [repeated(node.loopvars, values, body, empty)]

    def names(self, node: WithNode) -> list[Draw]:
        values = {name: value_of(each) for name, each in node.extra_context.items()}
        return [within(values, self._row(node.nodelist))]

    def included(self, node: IncludeNode) -> list[Draw]:
        inside = _Turning(self.engine, {}).pieces(self._named(node.template).nodelist)
        if not node.extra_context and not node.isolated_context:
            return inside
        values = {name: value_of(each) for name, each in node.extra_context.items()}
        return [within(values, in_a_row(inside), is_alone=node.isolated_context)]

    def based(self, node: ExtendsNode) -> list[Draw]:
        own = {**node.blocks, **self.blocks}
        return _Turning(self.engine, own).pieces(self._named(node.parent_name).nodelist)

    def block(self, node: BlockNode) -> list[Draw]:
        return self.pieces(self.blocks.get(node.name, node).nodelist)

    def once(self, node: Once) -> list[Draw]:
        inside = self.pieces(node.nodelist)
        return [remembered(node.names, in_a_row(inside))] if node.names else inside

    def _named(self, expression: Any) -> Template:
        name = fixed_value(expression)
        if not isinstance(name, str) or name.startswith("."):
            raise LeftToDjango
        return self.engine.get_template(name)


_TURNS: dict[type[Node], Callable[[_Turning, Any], list[Draw]]] = {
    TextNode: _Turning.text,
    CommentNode: _Turning.nothing,
    LoadNode: _Turning.nothing,
    VariableNode: _Turning.variable,
    SimpleNode: _Turning.tag,
    URLNode: _Turning.address,
    StaticNode: _Turning.static,
    CsrfTokenNode: _Turning.token,
    IfNode: _Turning.choice,
    ForNode: _Turning.loop,
    WithNode: _Turning.names,
    IncludeNode: _Turning.included,
    ExtendsNode: _Turning.based,
    BlockNode: _Turning.block,
    Once: _Turning.once,
}
