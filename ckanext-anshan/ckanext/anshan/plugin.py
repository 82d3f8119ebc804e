"""Wires the rooms into CKAN, and does nothing else."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.lib.plugins import DefaultTranslation

from . import rooms

HERE = Path(__file__).parent


@tk.blanket.actions(rooms.actions)
@tk.blanket.auth_functions(rooms.auth_functions)
@tk.blanket.validators(rooms.validators)
@tk.blanket.helpers(rooms.helpers)
@tk.blanket.blueprints(rooms.blueprints)
@tk.blanket.cli(rooms.commands)
@tk.blanket.config_declarations
class AnshanPlugin(p.SingletonPlugin, DefaultTranslation):
    p.implements(p.IConfigurer)
    p.implements(p.ITranslation)

    # IConfigurer
    def update_config(self, config: CKANConfig) -> None:
        tk.add_template_directory(config, "theme/templates")
        tk.add_public_directory(config, "theme/public")
        tk.add_resource("theme/assets", "anshan")

    # ITranslation
    def i18n_directory(self) -> str:
        return str(HERE / "i18n")

    def i18n_domain(self) -> str:
        return "ckanext-anshan"
