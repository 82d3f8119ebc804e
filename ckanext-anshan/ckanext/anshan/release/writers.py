"""Every action that can write, and what keeps it off the public datasets, the tables and the vault. Plain Python.

A test compares this with the actions that are really there: a new one fails it until someone has thought about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Guard(Enum):
    """What an action is asked for before it runs; no user and no context passes, sysadmins included."""

    PACKAGE = "refused for a dataset, found by the package named"
    TYPE = "refused for a type that nobody but publishing writes"
    RESOURCE = "refused for a dataset, found by the resource named"
    VIEW = "refused for a dataset, found by the view named"
    MEMBER = "refused when the member is a dataset"
    GROUP = "refused while datasets hang on the group"
    PACKAGES = "refused when it lists packages"
    TAG = "refused while datasets carry the tag"
    STORAGE = "refused for the vault"
    ALWAYS = "refused"


GUARDED: Mapping[str, Guard] = {
    "package_create": Guard.TYPE,
    "package_update": Guard.PACKAGE,
    "package_patch": Guard.PACKAGE,
    "package_delete": Guard.PACKAGE,
    "dataset_purge": Guard.PACKAGE,
    "package_owner_org_update": Guard.PACKAGE,
    "package_resource_reorder": Guard.PACKAGE,
    "package_collaborator_create": Guard.PACKAGE,
    "package_collaborator_delete": Guard.PACKAGE,
    "package_create_default_resource_views": Guard.PACKAGE,
    "package_relationship_create": Guard.PACKAGE,
    "package_relationship_update": Guard.PACKAGE,
    "package_relationship_delete": Guard.PACKAGE,
    "bulk_update_private": Guard.PACKAGE,
    "bulk_update_public": Guard.PACKAGE,
    "bulk_update_delete": Guard.PACKAGE,
    "resource_create": Guard.PACKAGE,
    "resource_update": Guard.RESOURCE,
    "resource_patch": Guard.RESOURCE,
    "resource_delete": Guard.RESOURCE,
    "resource_view_create": Guard.RESOURCE,
    "resource_view_reorder": Guard.RESOURCE,
    "resource_create_default_resource_views": Guard.RESOURCE,
    "resource_view_update": Guard.VIEW,
    "resource_view_delete": Guard.VIEW,
    "resource_view_clear": Guard.ALWAYS,
    "member_create": Guard.MEMBER,
    "member_delete": Guard.MEMBER,
    "group_create": Guard.PACKAGES,
    "group_update": Guard.PACKAGES,
    "group_patch": Guard.PACKAGES,
    "organization_create": Guard.PACKAGES,
    "organization_update": Guard.PACKAGES,
    "organization_patch": Guard.PACKAGES,
    "group_delete": Guard.GROUP,
    "group_purge": Guard.GROUP,
    "organization_delete": Guard.GROUP,
    "organization_purge": Guard.GROUP,
    "tag_delete": Guard.TAG,
    "datastore_create": Guard.ALWAYS,
    "datastore_upsert": Guard.ALWAYS,
    "datastore_delete": Guard.ALWAYS,
    "datastore_records_delete": Guard.ALWAYS,
    "datastore_run_triggers": Guard.ALWAYS,
    "datastore_function_create": Guard.ALWAYS,
    "datastore_function_delete": Guard.ALWAYS,
    "file_create": Guard.STORAGE,
    "file_register": Guard.STORAGE,
}

KEYS: Mapping[str, tuple[str, ...]] = {
    "bulk_update_private": ("datasets",),
    "bulk_update_public": ("datasets",),
    "bulk_update_delete": ("datasets",),
    "package_create_default_resource_views": ("package",),
    "package_relationship_create": ("subject", "object"),
    "package_relationship_update": ("subject", "object"),
    "package_relationship_delete": ("subject", "object"),
    "package_update": ("id", "name"),
    "package_patch": ("id", "name"),
    "resource_create": ("package_id",),
    "resource_view_create": ("resource_id",),
    "resource_create_default_resource_views": ("resource",),
}
"""Where an action names what it writes to; ``id`` where nothing is said here."""

_USERS = "users and their own things"
_TEXTS = "words and notes beside the datasets, never their content"
_FILES = "works on files that CKAN's table knows; those of the vault can't get into it (file_create, file_register)"
_VOCABULARY = "vocabularies of CKAN's own; datasets carry none"

HARMLESS: Mapping[str, str] = {
    "package_revise": "writes through package_update",
    **dict.fromkeys(("user_create", "user_invite", "user_update", "user_patch", "user_delete"), _USERS),
    **dict.fromkeys(("api_token_create", "api_token_revoke"), _USERS),
    **dict.fromkeys(("follow_user", "follow_dataset", "follow_group"), _USERS),
    **dict.fromkeys(("unfollow_user", "unfollow_dataset", "unfollow_group"), _USERS),
    **dict.fromkeys(("group_member_create", "group_member_delete"), "writes through member_create, member_delete"),
    **dict.fromkeys(("organization_member_create", "organization_member_delete"), "members that are users"),
    **dict.fromkeys(("vocabulary_create", "vocabulary_update", "vocabulary_delete", "tag_create"), _VOCABULARY),
    **dict.fromkeys(("task_status_update", "task_status_update_many", "task_status_delete"), _TEXTS),
    **dict.fromkeys(("term_translation_update", "term_translation_update_many"), _TEXTS),
    **dict.fromkeys(("anshan_notice_read", "anshan_notice_mail"), _USERS),
    "config_option_update": "options of the site's looks",
    **dict.fromkeys(("job_clear", "job_cancel"), "CKAN's own queue; publishing has its outbox"),
    **dict.fromkeys(("file_delete", "file_rename", "file_pin", "file_unpin", "file_ownership_transfer"), _FILES),
    **dict.fromkeys(("send_email_notifications", "dashboard_mark_activities_old"), _USERS),
    **dict.fromkeys(("activity_create", "activity_delete", "activity_delete_all"), _TEXTS),
    "activity_delete_counts": "counts",
    **dict.fromkeys(
        ("anshan_catalogue_import", "anshan_catalogue_import_start"), "writes entries, which are never public"
    ),
    **dict.fromkeys(
        ("anshan_scan_start", "anshan_scan_cancel", "anshan_scan_words_update"), "scans and an agency's words"
    ),
    **dict.fromkeys(
        (
            "anshan_applicant_update",
            "anshan_applicant_organization_create",
            "anshan_applicant_organization_update",
            "anshan_applicant_organization_submit",
            "anshan_applicant_organization_verify",
            "anshan_applicant_organization_refuse",
            "anshan_applicant_organization_bar",
            "anshan_applicant_organization_unbar",
            "anshan_applicant_organization_contact",
            "anshan_applicant_member_invite",
            "anshan_applicant_member_accept",
            "anshan_applicant_member_decline",
            "anshan_applicant_member_remove",
            "anshan_applicant_member_leave",
            "anshan_applicant_member_hand_over",
        ),
        "who applies: nothing of it is public",
    ),
    **dict.fromkeys(
        ("anshan_grant_token_create", "anshan_grant_token_revoke"),
        "tokens to read what was granted; nothing is written",
    ),
    **dict.fromkeys(
        (
            "anshan_sharing_feedback_create",
            "anshan_sharing_feedback_confirm",
            "anshan_sharing_feedback_reject",
            "anshan_sharing_feedback_correct",
            "anshan_sharing_feedback_withdraw",
            "anshan_sharing_return_create",
            "anshan_sharing_return_confirm",
            "anshan_sharing_return_merge",
            "anshan_sharing_return_decline",
            "anshan_sharing_return_promise",
            "anshan_sharing_return_refuse",
            "anshan_sharing_return_return",
            "anshan_sharing_return_withdraw",
        ),
        "what agencies tell each other of shared data; nothing of it is public",
    ),
    "anshan_scan_remedy": "gives an entry a new file, through resource_patch",
    **dict.fromkeys(
        ("anshan_release_suspend", "anshan_release_lift"),
        "the offices' own: taken off and brought back by publishing, decided inside",
    ),
    **dict.fromkeys(
        (
            "anshan_submission_create",
            "anshan_submission_open_at_once",
            "anshan_submission_propose",
            "anshan_submission_sign",
            "anshan_submission_check",
            "anshan_submission_clear",
            "anshan_submission_return",
            "anshan_submission_reject",
            "anshan_submission_withdraw",
            "anshan_submission_comment",
            "anshan_submission_bulk",
        ),
        "the review: publishing follows once every key is there (review.rules)",
    ),
    **dict.fromkeys(
        (
            "anshan_application_accept",
            "anshan_application_answer",
            "anshan_application_approve",
            "anshan_application_ask",
            "anshan_application_assign",
            "anshan_application_attach",
            "anshan_application_bulk",
            "anshan_application_countersign",
            "anshan_application_create",
            "anshan_application_deputy_end",
            "anshan_application_deputy_name",
            "anshan_application_destroy",
            "anshan_application_detach",
            "anshan_application_discard",
            "anshan_application_end",
            "anshan_application_extend",
            "anshan_application_form_update",
            "anshan_application_identify",
            "anshan_application_join",
            "anshan_application_message",
            "anshan_application_opine",
            "anshan_application_recuse",
            "anshan_application_refuse",
            "anshan_application_report",
            "anshan_application_resume",
            "anshan_application_revoke",
            "anshan_application_submit",
            "anshan_application_suspend",
            "anshan_application_take",
            "anshan_application_update",
            "anshan_application_withdraw",
            "anshan_misuse_report",
            "anshan_report_answer",
        ),
        "applications and agreements: grants follow, which hand out copies; nothing public is written",
    ),
    **dict.fromkeys(("anshan_catalogue_draft_save", "anshan_catalogue_draft_discard"), "what somebody is typing"),
}
"""Actions that write, and why they need no guard."""

WRITABLE = frozenset({"entry"})
"""Types of packages that people write; a type of another plugin is left to that plugin."""


def keys(action: str) -> tuple[str, ...]:
    return KEYS.get(action, ("id",))


def may_write(type: str, others: frozenset[str]) -> bool:
    """Whether people write packages of this type.

    :param others: types that other plugins brought
    """
    return type in WRITABLE or (type in others and type != "dataset")
