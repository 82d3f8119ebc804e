"""What CKAN says of a package when it indexes it, for many packages at a time.

``package_show`` sends a dozen SQL statements for each package and walks every value through its validators. Here a
batch is read with one statement per table, and the shape that the validators give is made directly from the
scheming schema. What falls outside that shape (``Unusual``) is left to CKAN's own way.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import ckan.lib.dictization as dictization
import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib import plugins as lib_plugins
from ckan.lib.dictization import model_dictize
from ckan.lib.helpers import helper_functions as h
from ckan.logic import fresh_context
from ckan.types import Context
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

Dict = dict[str, Any]

GROUP_KEYS = ("id", "name", "title", "description", "display_name", "image_display_url")
OUTPUT = {"scheming_multiple_choice_output": json.loads, "scheming_load_json": json.loads}
"""The output validators of scheming's presets that only read JSON."""


class Unusual(Exception):
    """This package has something that only CKAN's own way shows: the reason."""


@dataclass
class Shown:
    """One package as the index stores it: with the default schema and with its type's own."""

    package: model.Package
    default: Dict
    custom: Dict


@dataclass
class Batch:
    """The rows of one batch of packages, by package id."""

    packages: list[model.Package]
    resources: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    tags: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[str, list[Dict]] = field(default_factory=lambda: defaultdict(list))
    organizations: dict[str, Dict] = field(default_factory=dict)
    related: set[str] = field(default_factory=set)


def read(ids: Sequence[str]) -> Batch:
    """Everything that the index needs about these packages, in six statements. Absent ids are left out."""
    session = cast(Session, model.Session)
    query = select(model.Package).where(model.Package.id.in_(ids))
    batch = Batch(list(session.scalars(query.execution_options(populate_existing=True))))
    _read_resources(session, ids, batch)
    _read_tags(session, ids, batch)
    _read_groups(session, ids, batch)
    _read_organizations(session, batch)
    _read_relations(session, ids, batch)
    return batch


def _read_resources(session: Session, ids: Sequence[str], batch: Batch) -> None:
    table = model.resource_table
    query = select(table).where(table.c["package_id"].in_(ids), table.c["state"] == "active")
    for row in session.execute(query.order_by(table.c["position"])):
        batch.resources[row.package_id].append(row)


def _read_tags(session: Session, ids: Sequence[str], batch: Batch) -> None:
    tag, link = model.tag_table, model.package_tag_table
    query = select(tag, link.c["state"], link.c["package_id"]).join(link, tag.c["id"] == link.c["tag_id"])
    for row in session.execute(query.where(link.c["package_id"].in_(ids), link.c["state"] == "active")):
        batch.tags[row.package_id].append(row)


def _read_groups(session: Session, ids: Sequence[str], batch: Batch) -> None:
    member = model.Member
    query = select(model.Group, member.table_id).join(member, member.group_id == model.Group.id)
    query = query.where(member.table_id.in_(ids), member.state == "active", model.Group.is_organization.is_(False))
    shown: dict[str, Dict] = {}
    for group, package_id in session.execute(query):
        if group.id not in shown:
            shown[group.id] = _group(group)
        batch.groups[package_id].append(shown[group.id])


def _group(group: model.Group) -> Dict:
    without = {"include_groups": False, "include_users": False, "include_extras": False}
    whole = model_dictize.group_dictize(group, Context(), packages_field=None, **without)
    return {key: whole[key] for key in GROUP_KEYS if whole.get(key) is not None}


def _read_organizations(session: Session, batch: Batch) -> None:
    table = model.group_table
    owners = {package.owner_org for package in batch.packages}
    for row in session.execute(select(table).where(table.c["id"].in_(owners), table.c["state"] == "active")):
        shown = dictization.table_dictize(row, Context())
        del shown["extras"]
        batch.organizations[row.id] = shown


def _read_relations(session: Session, ids: Sequence[str], batch: Batch) -> None:
    table = model.package_relationship_table
    subject, target = table.c["subject_package_id"], table.c["object_package_id"]
    for row in session.execute(select(subject, target).where(or_(subject.in_(ids), target.in_(ids)))):
        batch.related.update(row)


def show(batch: Batch) -> Iterable[Shown | model.Package]:
    """Each package of the batch as CKAN shows it; a bare package where that needs CKAN's own way."""
    for package in batch.packages:
        try:
            yield _show(package, batch)
        except Unusual:
            yield package


def _show(package: model.Package, batch: Batch) -> Shown:
    if package.id in batch.related:
        raise Unusual("relationships")
    resources = [_resource(row, package) for row in batch.resources[package.id]]
    default = _default(package, batch, [_default_resource(resource) for resource in resources])
    custom = Custom.of(default["type"]).shown(default, resources)
    context = fresh_context(Context(user=""), ignore_auth=True, use_cache=False, validate=False)
    context["package"] = package
    for plugin in p.PluginImplementations(p.IPackageController):
        plugin.after_dataset_show(context, custom)
    return Shown(package, default, custom)


def _default(package: model.Package, batch: Batch, resources: list[Dict]) -> Dict:
    shown = dictization.table_dictize(package, Context())
    shown.pop("plugin_data")
    tags = [_tag(row) for row in sorted(batch.tags[package.id], key=lambda row: row.name)]
    shown["title"] = (shown["title"] or "").strip() or package.name
    shown["type"] = package.type or "dataset"
    shown["extras"] = [{"key": key, "value": value} for key, value in (package.extras or {}).items()]
    shown |= {"resources": resources, "num_resources": len(resources), "tags": tags, "num_tags": len(tags)}
    shown["groups"] = sorted(batch.groups[package.id], key=lambda group: h.strxfrm(group["display_name"]))
    shown["organization"] = batch.organizations.get(package.owner_org or "")
    shown |= {"relationships_as_subject": [], "relationships_as_object": [], "isopen": package.isopen()}
    return shown | _license(package)


def _license(package: model.Package) -> Dict:
    license = package.license
    if not license:
        return {"license_title": package.license_id}
    if not license.url:
        return {"license_title": license.title}
    return {"license_url": license.url, "license_title": license.title.split("::")[-1]}


def _tag(row: Any) -> Dict:
    if row.vocabulary_id:
        raise Unusual("a tag of a vocabulary")
    return {"id": row.id, "name": row.name, "vocabulary_id": None, "state": row.state, "display_name": row.name}


def _resource(row: Any, package: model.Package) -> Dict:
    resource = dictization.table_dictize(row, Context())
    resource.update(resource.pop("extras", None) or {})
    resource["url"] = _url(resource, package)
    for plugin in p.PluginImplementations(p.IResourceController):
        plugin.before_resource_show(resource)
    return resource


def _url(resource: Dict, package: model.Package) -> str:
    url = resource["url"]
    if resource.get("url_type") == "upload":
        ids = {"id": resource["package_id"], "resource_id": resource["id"]}
        filename = model_dictize.munge.munge_filename(url.rsplit("/")[-1])
        endpoint = f"{package.type or 'dataset'}_resource.download"
        return tk.url_for(endpoint, **ids, filename=filename, qualified=True)
    if url and not model_dictize.urlsplit(url).scheme:
        return "http://" + url.lstrip("/")
    return url


def _default_resource(resource: Dict) -> Dict:
    shown: Dict = {key: value for key, value in resource.items() if value is not None or key not in ("hash", "created")}
    shown["url"] = shown["url"].strip()
    if shown["format"] is None:
        del shown["format"]
    else:
        shown["format"] = h.unified_resource_format(shown["format"])
    return shown


@dataclass(frozen=True)
class Custom:
    """How the scheming schema of one package type shows its fields."""

    fields: Mapping[str, Mapping[str, Any]]
    resource_fields: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, package_type: str) -> Custom:
        plugin = lib_plugins.lookup_package_plugin(package_type)
        schema = getattr(plugin, "_expanded_schemas", {}).get(package_type)
        if schema is None:
            raise Unusual("a type without a scheming schema")
        return cls(*({f["field_name"]: f for f in schema[kind]} for kind in ("dataset_fields", "resource_fields")))

    def shown(self, default: Dict, resources: list[Dict]) -> Dict:
        custom: Dict = {key: value for key, value in default.items() if value is not None or key not in self.fields}
        custom["resources"] = [self._resource(resource) for resource in resources]
        extras = custom.pop("extras")
        left = [extra for extra in extras if extra["key"] not in self.fields]
        for extra in extras:
            if extra["key"] in self.fields:
                custom[extra["key"]] = _output(self.fields[extra["key"]], extra["value"])
        if left or not [extra for extra in extras if "repeating_subfields" not in self.fields.get(extra["key"], {})]:
            custom["extras"] = left
        return custom

    def _resource(self, resource: Dict) -> Dict:
        shown = _default_resource(resource)
        for name, value in resource.items():
            if name not in self.resource_fields:
                continue
            if value is None:
                shown.pop(name, None)
            else:
                shown[name] = _output(self.resource_fields[name], value)
        return shown


def _output(scheme: Mapping[str, Any], value: Any) -> Any:
    if "repeating_subfields" in scheme:
        return _rows(scheme, value)
    for name in scheme.get("output_validators", "").split():
        if name not in OUTPUT:
            raise Unusual(name)
        try:
            value = OUTPUT[name](value) if isinstance(value, str) else value
        except ValueError:
            raise Unusual(name) from None
    return value


def _rows(scheme: Mapping[str, Any], value: Any) -> list[Dict]:
    known = {sub["field_name"]: sub for sub in scheme["repeating_subfields"]}
    rows = json.loads(value) if isinstance(value, str) else value
    if any(key not in known for row in rows for key in row):
        raise Unusual("a sub-field that the schema doesn't have")
    return [{key: _output(known[key], cell) for key, cell in row.items() if cell is not None} for row in rows]
