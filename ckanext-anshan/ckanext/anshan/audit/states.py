"""What each recorded object is made of, as one text whose SHA-256 its last event names. PostgreSQL writes the text, so
that a bulk of ten thousand costs one statement; dates that change with every touch are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ckan import model

PACKAGE = """
SELECT package.type AS type, package.id AS id, jsonb_build_object(
    'name', package.name, 'title', package.title, 'notes', package.notes, 'type', package.type, 'url', package.url,
    'version', package.version, 'license', package.license_id, 'agency', package.owner_org, 'private', package.private,
    'state', package.state, 'fields', package.extras,
    'files', (SELECT jsonb_agg(jsonb_build_object(
            'id', id, 'name', name, 'url', url, 'url_type', url_type, 'format', format, 'description', description,
            'hash', hash, 'size', size, 'mimetype', mimetype, 'more', extras) ORDER BY position, id)
        FROM resource WHERE package_id = package.id AND resource.state = 'active'),
    'tags', (SELECT jsonb_agg(tag.name ORDER BY tag.name) FROM package_tag JOIN tag ON tag.id = tag_id
        WHERE package_id = package.id AND package_tag.state = 'active'),
    'groups', (SELECT jsonb_agg(group_id ORDER BY group_id) FROM member
        WHERE table_name = 'package' AND table_id = package.id AND member.state = 'active')
    )::text AS state
FROM package WHERE package.type = '{type}' {which}
"""
GROUP = """
SELECT '{type}' AS type, "group".id AS id, jsonb_build_object(
    'name', name, 'title', title, 'description', description, 'image', image_url, 'state', state, 'fields', extras,
    'members', (SELECT jsonb_agg(jsonb_build_array(table_id, capacity) ORDER BY table_id, capacity) FROM member
        WHERE group_id = "group".id AND table_name = 'user' AND member.state = 'active')
    )::text AS state
FROM "group" WHERE "group".is_organization = {is_organization} {which}
"""
ACCOUNT = """
SELECT 'account' AS type, "user".id AS id, jsonb_build_object(
    'sysadmin', "user".sysadmin, 'state', "user".state,
    'private', encode(sha256(person.key || sha256(person.key || convert_to(jsonb_build_array(
        "user".name, fullname, email, password, apikey, reset_key, about)::text, 'UTF8'))), 'hex'),
    'tokens', (SELECT jsonb_agg(jsonb_build_array(
        encode(sha256(convert_to(id, 'UTF8')), 'hex'), plugin_extras) ORDER BY created_at, id)
        FROM api_token WHERE user_id = "user".id)
    )::text AS state
FROM "user" LEFT JOIN anshan_audit_person AS person ON person.kind = 'account' AND person.subject = "user".id
WHERE true {which}
"""
RELEASE = """
SELECT 'release' AS type, release.id AS id, (to_jsonb(release) - ARRAY[{later}] || jsonb_build_object(
    'created', extract(epoch FROM created), 'published', extract(epoch FROM published),
    'files', (SELECT jsonb_agg(to_jsonb(file) ORDER BY position) FROM anshan_release_file AS file
        WHERE release_id = release.id)
    ) || CASE WHEN basis = 'earlier' THEN '{}' ELSE jsonb_build_object(
        'basis', basis, 'submission', submission, 'trail', trail, 'keeps_versions', keeps_versions,
        'until', extract(epoch FROM until)) END
    || CASE WHEN jsonb_exists(sharing, 'earlier') THEN '{}' ELSE jsonb_build_object('sharing', sharing) END
    )::text AS state
FROM anshan_release_release AS release WHERE true {which}
""".replace("{later}", "'basis', 'submission', 'trail', 'keeps_versions', 'until', 'sharing'")
# A release of before these columns keeps the state that was recorded of it.
SETTING = """
SELECT 'setting' AS type, system_info.key AS id, to_jsonb(value)::text AS state FROM system_info WHERE true {which}
"""

STATES: Mapping[str, tuple[str, str]] = {
    "entry": (PACKAGE.replace("{type}", "entry"), "package.id"),
    "dataset": (PACKAGE.replace("{type}", "dataset"), "package.id"),
    "release": (RELEASE, "release.id"),
    "organization": (GROUP.format(type="organization", is_organization="true", which="{which}"), '"group".id'),
    "theme": (GROUP.format(type="theme", is_organization="false", which="{which}"), '"group".id'),
    "account": (ACCOUNT, '"user".id'),
    "setting": (SETTING, "system_info.key"),
}
TYPES = tuple(STATES)

TABLES: Mapping[str, frozenset[str]] = {
    "package": frozenset({"entry", "dataset"}),
    "resource": frozenset({"entry", "dataset"}),
    "package_tag": frozenset({"entry", "dataset"}),
    "member": frozenset({"entry", "dataset", "organization", "theme"}),
    "group": frozenset({"organization", "theme"}),
    "user": frozenset({"account"}),
    "api_token": frozenset({"account"}),
    "system_info": frozenset({"setting"}),
    "anshan_release_release": frozenset({"release"}),
    "anshan_release_file": frozenset({"release"}),
}
"""Whose state a table's rows belong to."""


def of(types: Iterable[str] = TYPES) -> str:
    """SQL for ``type, id, state`` of all objects of these types, in this order."""
    return " UNION ALL ".join(STATES[type][0].replace("{which}", "") for type in types)


def of_these(types: Iterable[str]) -> str:
    """The same for the ids in the parameters named after the types."""
    return " UNION ALL ".join(
        STATES[type][0].replace("{which}", f"AND {STATES[type][1]} = ANY(:{type})") for type in sorted(types)
    )


IGNORED: Mapping[type, frozenset[str]] = {
    model.User: frozenset({"last_active", "activity_streams_email_notifications", "image_url", "plugin_extras"}),
    model.ApiToken: frozenset({"last_access"}),
    model.Package: frozenset({"metadata_modified"}),
}
"""Attributes that are no part of a state: a change of these alone is none."""


def of_instance(instance: object) -> list[tuple[str, str]]:
    """Type and id of the objects that a row of CKAN's belongs to; none where it is no part of a state."""
    found = OWNERS.get(type(instance))
    return found(instance) if found else []  # type: ignore[arg-type]


def _package(package: model.Package) -> list[tuple[str, str]]:
    return [(package.type, package.id)] if package.type in ("entry", "dataset") else []


def _part(part: model.Resource | model.PackageTag) -> list[tuple[str, str]]:
    package = model.Session.get(model.Package, part.package_id) if part.package_id else None
    return _package(package) if package else []


def _member(member: model.Member) -> list[tuple[str, str]]:
    if member.table_name == "package":
        package = model.Session.get(model.Package, member.table_id)
        return _package(package) if package else []
    group = model.Session.get(model.Group, member.group_id) if member.table_name == "user" else None
    return _group(group) if group else []


def _group(group: model.Group) -> list[tuple[str, str]]:
    return [("organization" if group.is_organization else "theme", group.id)]


OWNERS = {
    model.Package: _package,
    model.Resource: _part,
    model.PackageTag: _part,
    model.Member: _member,
    model.Group: _group,
    model.User: lambda user: [("account", user.id)],
    model.ApiToken: lambda token: [("account", token.user_id)],
    model.SystemInfo: lambda setting: [("setting", setting.key)],
}
