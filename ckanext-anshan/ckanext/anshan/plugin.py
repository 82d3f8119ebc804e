"""Wires the rooms into CKAN, and does nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.common import CKANConfig
from ckan.lib.plugins import DefaultPermissionLabels, DefaultTranslation
from ckan.types import Context, DataDict, Schema
from ckanext.scheming.plugins import SchemingDatasetsPlugin

from . import rooms
from .access import hooks as access_hooks
from .audit import edge, recording, wrapping
from .cache import changes, readers
from .cache.middleware import PageCache
from .catalogue import fences, forms
from .guard import hooks as guard_hooks
from .people import forgery
from .people import hooks as people_hooks
from .release import hooks as release_hooks
from .search import hooks as search_hooks

HERE = Path(__file__).parent


@tk.blanket.actions(wrapping.actions)
@tk.blanket.auth_functions(rooms.auth_functions)
@tk.blanket.validators(rooms.validators)
@tk.blanket.helpers(rooms.helpers)
@tk.blanket.blueprints(rooms.blueprints)
@tk.blanket.cli(rooms.commands)
@tk.blanket.config_declarations
class AnshanPlugin(p.SingletonPlugin, DefaultTranslation, DefaultPermissionLabels):
    p.implements(p.IApiToken, inherit=True)
    p.implements(p.IConfigurer)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IFiles, inherit=True)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.IPermissionLabels)
    p.implements(p.IResourceController, inherit=True)
    p.implements(p.ITranslation)
    p.implements(p.IUploader, inherit=True)

    # IConfigurer
    def update_config(self, config: CKANConfig) -> None:
        tk.add_template_directory(config, "theme/templates")
        tk.add_public_directory(config, "theme/public")
        tk.add_resource("theme/assets", "anshan")
        recording.listen()
        changes.listen()
        guard_hooks.secure_cookies(config)

    # IApiToken
    def decode_api_token(self, encoded: str, **kwargs: Any) -> Any:
        return access_hooks.decode_api_token(encoded)

    # IMiddleware
    def make_middleware(self, app: Any, config: CKANConfig) -> Any:
        forgery.guard()
        edge.watch(app)
        app.before_request(readers.framed)
        app.wsgi_app = guard_hooks.behind_proxies(PageCache(app.wsgi_app))
        return app

    # IFacets
    def dataset_facets(self, facets_dict: Any, package_type: str) -> Any:
        return search_hooks.facets(facets_dict)

    def organization_facets(self, facets_dict: Any, organization_type: str, package_type: str | None) -> Any:
        return search_hooks.facets(facets_dict)

    # IFiles
    def files_file_allows(self, context: Context, file: model.File, operation: str) -> bool | None:
        return release_hooks.files_file_allows(file)

    # IResourceController
    def before_resource_show(self, resource_dict: DataDict) -> DataDict:
        return release_hooks.before_resource_show(resource_dict)

    # IUploader
    def get_resource_uploader(self, data_dict: DataDict) -> Any:
        return release_hooks.get_resource_uploader(data_dict)

    # ITranslation
    def i18n_directory(self) -> str:
        return str(HERE / "i18n")

    def i18n_domain(self) -> str:
        return "ckanext-anshan"

    # IPermissionLabels
    def get_dataset_labels(self, dataset_obj: model.Package) -> list[str]:
        return people_hooks.dataset_labels(dataset_obj, super().get_dataset_labels(dataset_obj))

    def get_user_dataset_labels(self, user_obj: model.User) -> list[str]:
        return people_hooks.user_labels(user_obj, super().get_user_dataset_labels(user_obj))


class AnshanDatasetsPlugin(SchemingDatasetsPlugin):
    """ckanext-scheming's plugin, with the rules of the catalogue in front of it; it takes that plugin's place."""

    p.implements(p.IDatasetForm, inherit=True)
    p.implements(p.IPackageController, inherit=True)

    # IDatasetForm
    def validate(self, context: Context, data_dict: DataDict, schema: Schema, action: str) -> Any:
        if action == "package_show" or not forms.is_entry(data_dict):
            return super().validate(context, data_dict, schema, action)
        entry, told = forms.judge(context, data_dict, action)
        data, errors = super().validate(context, forms.presentable(entry), schema, action)
        return data, forms.merge(errors, told)

    def resource_validation_dependencies(self, package_type: str) -> list[str]:
        return forms.RESOURCES_DEPEND_ON if package_type == forms.ENTRY else []

    def read_template(self, package_type: str | None = None) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
        return forms.template("read_template", package_type, super().read_template())

    def new_template(self, package_type: str | None = None) -> str:
        return forms.template("new_template", package_type, super().new_template())

    def edit_template(self, package_type: str | None = None) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
        return forms.template("edit_template", package_type, super().edit_template())

    # IActions
    def get_actions(self) -> dict[str, Any]:
        return super().get_actions() | fences.chained()

    # IPackageController
    def before_dataset_index(self, data_dict: DataDict) -> DataDict:
        return search_hooks.before_dataset_index(forms.indexed(data_dict))

    def before_dataset_search(self, search_params: DataDict) -> DataDict:
        return search_hooks.before_dataset_search(search_params)

    def after_dataset_search(self, search_results: DataDict, search_params: DataDict) -> DataDict:
        return search_hooks.after_dataset_search(release_hooks.after_dataset_search(search_results), search_params)

    def after_dataset_show(self, context: Context, pkg_dict: DataDict) -> None:
        release_hooks.after_dataset_show(pkg_dict)
        if forms.is_entry(pkg_dict):
            forms.complete(pkg_dict)

    def after_dataset_create(self, context: Context, pkg_dict: DataDict) -> None:
        if forms.is_entry(pkg_dict):
            forms.claim_code(pkg_dict)
            forms.put_into_themes(pkg_dict)
            forms.end_draft(context, pkg_dict, created=True)

    def after_dataset_update(self, context: Context, pkg_dict: DataDict) -> None:
        if forms.is_entry(pkg_dict):
            forms.put_into_themes(pkg_dict)
            forms.end_draft(context, pkg_dict, created=False)
