"""Addresses are written once, beside their names: everything else asks for them by name."""

import re
from pathlib import Path

from django.urls import resolve

from chotxanh.cli import documents, server
from chotxanh.cli.commands import up
from tests import tree

# What may begin an address: the first word of each route.
FIRST_WORDS = {address.split("/")[1] for address in documents.addresses()} - {""}
BY_HAND = re.compile(rf"""["'=]/(?:{"|".join(sorted(map(re.escape, FIRST_WORDS)))})(?:["'/?#{{]|$)""")
HOME_BY_HAND = re.compile(r"""(?:href|action)=["']/["']""")
# Programs that stand before the server as its visitors do, and what decides by the beginning of a path.
MAY_NAME = (
    Path("src/chotxanh/cli"),
    *(Path("src/chotxanh", file) for file in ("site/middleware.py", "site/nearby.py")),
    *(Path("src/chotxanh", file) for file in ("door/application.py", "protocol/bodies.py")),
)


def sources() -> list[Path]:
    files = [*tree.product_modules(), *tree.with_suffix(".html")]
    return [
        file
        for file in files
        if file.parts[0] == "src" and not any(file.is_relative_to(each) for each in MAY_NAME)
    ]


def test_the_first_words_are_those_of_the_product() -> None:
    assert {"declare", "verify", "office", "p", "api", "station"} <= FIRST_WORDS


def test_no_address_is_written_by_hand_beside_its_name() -> None:
    found = [
        f"{file.as_posix()}:{number}: {line.strip()}"
        for file in sources()
        for number, line in enumerate(tree.text_of(file).splitlines(), start=1)
        if BY_HAND.search(line) or HOME_BY_HAND.search(line)
    ]
    assert found == []


def test_every_route_has_a_name() -> None:
    assert [address for address, route in documents.addresses().items() if not route.name] == []


def test_the_command_line_knows_only_addresses_that_exist() -> None:
    for address in (*up.PAGES, server.READY_PATH):
        assert resolve(address).url_name
