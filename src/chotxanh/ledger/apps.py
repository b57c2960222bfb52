"""Registers the ledger with Django, and every feature's kinds, cards and work with the ledger, in floor order."""

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


class LedgerConfig(AppConfig):
    """The ledger of what happened."""

    name = "chotxanh.ledger"

    def ready(self) -> None:
        """Let each floor declare its kinds, cards and work once every model is loaded."""
        for module in _modules("entries"):
            if hasattr(module, "register_kinds"):
                module.register_kinds()
        for module in _modules("cards"):
            module.register_cards()
        for module in _modules("work"):
            module.register_work()


def _modules(name: str) -> Iterator[ModuleType]:
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, name):
            yield import_module(f"{config.name}.{name}")
