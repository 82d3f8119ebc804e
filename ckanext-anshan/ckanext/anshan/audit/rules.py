"""What is recorded: each action, page and job that changes something or hands out bytes, and how, or why not.

Plain Python. A test compares it with what is really there: a new one fails it until someone has thought about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache


@dataclass(frozen=True)
class State:
    """By the state of each object that it changes: an event ``<type>.created``, ``.changed`` or ``.removed``."""


@dataclass(frozen=True)
class Event:
    """By an event of this kind; what it is about is named by one of the parameters."""

    kind: str
    object_type: str = ""
    parameter: str = "id"


@dataclass(frozen=True)
class Through:
    """By what it calls or queues."""

    what: str


@dataclass(frozen=True)
class Not:
    """Not at all."""

    why: str


@dataclass(frozen=True)
class Noted:
    """By an event of this kind that it notes itself, since it alone knows what it is about."""

    kind: str


How = State | Event | Noted | Through | Not

STATE = State()
_SEEN = Not("what somebody has looked at or follows: nobody else's rights or data hang on it")
_TYPED = Not("what somebody is typing; recorded when it is saved as an entry")
_DRAFT = Not("an applicant's own draft; recorded with its hash when it is sent")
_COUNTS = Not("counts notes, for the sysadmin alone")
_NEVER = Not("refused to everybody (release.writers); the refusal is recorded")

_ACTIONS: tuple[tuple[How, str], ...] = (
    (STATE, "package_create package_update package_patch package_revise package_delete dataset_purge"),
    (STATE, "package_owner_org_update package_resource_reorder"),
    (STATE, "bulk_update_private bulk_update_public bulk_update_delete"),
    (STATE, "resource_create resource_update resource_patch resource_delete"),
    (Event("entry.shared", "entry"), "package_collaborator_create package_collaborator_delete"),
    (
        Event("entry.related", "entry", "subject"),
        "package_relationship_create package_relationship_update package_relationship_delete",
    ),
    (
        Event("entry.view", "view"),
        "resource_view_create resource_view_update resource_view_delete resource_view_reorder resource_view_clear"
        " package_create_default_resource_views resource_create_default_resource_views",
    ),
    (STATE, "organization_create organization_update organization_patch organization_delete organization_purge"),
    (STATE, "organization_member_create organization_member_delete member_create member_delete"),
    (STATE, "group_create group_update group_patch group_delete group_purge group_member_create group_member_delete"),
    (
        Event("words.changed", "vocabulary"),
        "vocabulary_create vocabulary_update vocabulary_delete tag_create tag_delete",
    ),
    (Event("words.changed", "words", "term"), "term_translation_update term_translation_update_many"),
    (STATE, "user_create user_invite user_update user_patch user_delete api_token_create api_token_revoke"),
    (STATE, "config_option_update"),
    (
        Event("file.changed", "file"),
        "file_create file_register file_delete file_rename file_pin file_unpin file_ownership_transfer",
    ),
    (Event("queue.cleared", "queue"), "job_clear job_cancel"),
    (Event("task.changed", "task"), "task_status_update task_status_update_many task_status_delete"),
    (Not("a note that CKAN makes of what is on record here"), "activity_create"),
    (Event("activity.removed", "activity"), "activity_delete activity_delete_all"),
    (Event("mail.sent"), "send_email_notifications"),
    (_COUNTS, "activity_delete_counts"),
    (_SEEN, "dashboard_mark_activities_old follow_user follow_dataset follow_group"),
    (_SEEN, "unfollow_user unfollow_dataset unfollow_group"),
    (_NEVER, "datastore_create datastore_upsert datastore_delete datastore_records_delete datastore_run_triggers"),
    (_NEVER, "datastore_function_create datastore_function_delete"),
    (_TYPED, "anshan_catalogue_draft_save anshan_catalogue_draft_discard"),
    (STATE, "anshan_catalogue_import"),
    (Through("anshan_catalogue_import"), "anshan_catalogue_import_start"),
    (_SEEN, "anshan_notice_read"),
    (Not("whether somebody is also mailed what the portal tells them"), "anshan_notice_mail"),
    (Noted("scan.asked"), "anshan_scan_start"),
    (Noted("scan.cancelled"), "anshan_scan_cancel"),
    (STATE, "anshan_scan_remedy"),
    (Noted("scan.words"), "anshan_scan_words_update"),
    (Noted("release.suspended"), "anshan_release_suspend"),
    (Noted("release.lift_agreed"), "anshan_release_lift"),
    (Noted("submission.submit"), "anshan_submission_create"),
    (Noted("submission.open_at_once"), "anshan_submission_open_at_once"),
    (Noted("submission.propose"), "anshan_submission_propose"),
    (Noted("submission.sign"), "anshan_submission_sign"),
    (Noted("submission.check"), "anshan_submission_check"),
    (Noted("submission.clear"), "anshan_submission_clear"),
    (Noted("submission.return"), "anshan_submission_return"),
    (Noted("submission.reject"), "anshan_submission_reject"),
    (Noted("submission.withdraw"), "anshan_submission_withdraw"),
    (Noted("submission.comment"), "anshan_submission_comment"),
    (_DRAFT, "anshan_application_create anshan_application_update"),
    (_DRAFT, "anshan_application_attach anshan_application_detach"),
    (Noted("application.accept"), "anshan_application_accept"),
    (Noted("application.answer"), "anshan_application_answer"),
    (Noted("application.approve"), "anshan_application_approve"),
    (Noted("application.ask"), "anshan_application_ask"),
    (Noted("application.assign"), "anshan_application_assign"),
    (Noted("application.countersign"), "anshan_application_countersign"),
    (Noted("application.destroy"), "anshan_application_destroy"),
    (Noted("application.discard"), "anshan_application_discard"),
    (Noted("application.end"), "anshan_application_end"),
    (Noted("application.extend"), "anshan_application_extend"),
    (Noted("application.join"), "anshan_application_join"),
    (Noted("application.message"), "anshan_application_message"),
    (Noted("application.opine"), "anshan_application_opine"),
    (Noted("application.recuse"), "anshan_application_recuse"),
    (Noted("application.refuse"), "anshan_application_refuse"),
    (Noted("application.report"), "anshan_application_report"),
    (Noted("application.resume"), "anshan_application_resume"),
    (Noted("application.revoke"), "anshan_application_revoke"),
    (Noted("application.submit"), "anshan_application_submit"),
    (Noted("application.suspend"), "anshan_application_suspend"),
    (Noted("application.take"), "anshan_application_take"),
    (Noted("application.withdraw"), "anshan_application_withdraw"),
    (Noted("application.form"), "anshan_application_form_update"),
    (Noted("application.deputy"), "anshan_application_deputy_name"),
    (Noted("application.deputy_ended"), "anshan_application_deputy_end"),
    (Noted("application.misuse"), "anshan_misuse_report"),
    (Noted("application.report_answer"), "anshan_report_answer"),
    (Through("anshan_application_approve"), "anshan_application_bulk"),
    (Through("anshan_submission_sign"), "anshan_submission_bulk"),
    (Noted("applicant.read"), "anshan_application_identify"),
    (Noted("sharing.feedback_create"), "anshan_sharing_feedback_create"),
    (Noted("sharing.feedback_confirm"), "anshan_sharing_feedback_confirm"),
    (Noted("sharing.feedback_reject"), "anshan_sharing_feedback_reject"),
    (Noted("sharing.feedback_correct"), "anshan_sharing_feedback_correct"),
    (Noted("sharing.feedback_withdraw"), "anshan_sharing_feedback_withdraw"),
    (Noted("sharing.return_create"), "anshan_sharing_return_create"),
    (Noted("sharing.return_confirm"), "anshan_sharing_return_confirm"),
    (Noted("sharing.return_merge"), "anshan_sharing_return_merge"),
    (Noted("sharing.return_decline"), "anshan_sharing_return_decline"),
    (Noted("sharing.return_promise"), "anshan_sharing_return_promise"),
    (Noted("sharing.return_refuse"), "anshan_sharing_return_refuse"),
    (Noted("sharing.return_return"), "anshan_sharing_return_return"),
    (Noted("sharing.return_withdraw"), "anshan_sharing_return_withdraw"),
    (Noted("grant.handed_out"), "anshan_grant_query"),
    (Noted("grant.token_made"), "anshan_grant_token_create"),
    (Noted("grant.token_revoked"), "anshan_grant_token_revoke"),
    (Noted("applicant.profile"), "anshan_applicant_update"),
    (Noted("applicant.found"), "anshan_applicant_organization_create"),
    (Noted("applicant.update"), "anshan_applicant_organization_update"),
    (Noted("applicant.submit"), "anshan_applicant_organization_submit"),
    (Noted("applicant.verify"), "anshan_applicant_organization_verify"),
    (Noted("applicant.refuse"), "anshan_applicant_organization_refuse"),
    (Noted("applicant.bar"), "anshan_applicant_organization_bar"),
    (Noted("applicant.unbar"), "anshan_applicant_organization_unbar"),
    (Noted("applicant.read"), "anshan_applicant_organization_contact"),
    (Noted("applicant.invite"), "anshan_applicant_member_invite"),
    (Noted("applicant.accept"), "anshan_applicant_member_accept"),
    (Noted("applicant.decline"), "anshan_applicant_member_decline"),
    (Noted("applicant.remove"), "anshan_applicant_member_remove"),
    (Noted("applicant.leave"), "anshan_applicant_member_leave"),
    (Noted("applicant.hand_over"), "anshan_applicant_member_hand_over"),
)
ACTIONS: Mapping[str, How] = {name: how for how, names in _ACTIONS for name in names.split()}
"""Every action that changes something or hands out bytes."""

_SHOWS = Not("shows what its reader may see; files leave through the door alone")
_PUBLIC = Not("lists and descriptions of what is public, the same for everybody")
_SELECTION = Not("a selection of a public table, made for whoever asks; the file itself leaves through the door")
_FORM = Through("the actions that it calls")
_ADMIN = Through("the actions that it calls, or the rows that it writes: their states are compared at the commit")

_PAGES: tuple[tuple[How, str], ...] = (
    (Through("every action of the API: see ACTIONS"), "api.action"),
    (Event("file.handed_out"), "anshan_data.file"),
    (Through("the door itself"), "anshan_review.file anshan_review.attachment"),
    (Noted("grant.handed_out"), "anshan_grant.file"),
    (Through("anshan_data.file, where it leads, or the door itself"), "anshan_data.latest *resource.download"),
    (Not("CKAN's own file storages: the vault's are refused, others are empty"), "file.*download"),
    (Event("table.handed_out", "table", "resource_id"), "datastore.dump"),
    (Event("catalogue.exported"), "anshan_import.export"),
    (Event("members.exported", "organization"), "group.member_dump organization.member_dump"),
    (_SELECTION, "anshan_preview.* anshan_dataset.file"),
    (_PUBLIC, "anshan_pages.* anshan_developers.* anshan_finding.* anshan_search.* feeds.* static webassets.index"),
    (_PUBLIC, "anshan_results.*"),
    (_PUBLIC, "anshan_theme.* home.* util.custom_form_fields util.primer"),
    (_SHOWS, "anshan_dataset.* anshan_entry.* anshan_import.* anshan_inspection.* anshan_people.* anshan_review.*"),
    (_SHOWS, "activity.* admin.index api.* datastore.api_info"),
    (_SHOWS, "dashboard.* dataset.* dataset_resource.* entry.* entry_resource.* resource.*"),
    (_SHOWS, "group.* organization.* user.*"),
    (
        Through("log.read and log.exported, which the search records itself"),
        "anshan_audit.search anshan_audit.export_*",
    ),
    (_SHOWS, "anshan_audit.*"),
    (_TYPED, "anshan_entry.discard_draft anshan_entry.keep_draft"),
    (Not("reads a table that was pasted and keeps nothing"), "anshan_entry.items"),
    (Through("anshan_catalogue_import"), "anshan_import.begin anshan_import.start"),
    (_FORM, "anshan_inspection.start anshan_inspection.cancel anshan_inspection.remedy anshan_inspection.set_words"),
    (_FORM, "anshan_review.do_bulk"),
    (_FORM, "anshan_review.act anshan_review.send"),
    (Through("the door itself"), "anshan_applicant.attorney"),
    (
        Through("the log-in, and the account that it makes"),
        "anshan_applicant.oidc_login anshan_applicant.oidc_again anshan_applicant.oidc_callback",
    ),
    (_SHOWS, "anshan_applicant.* anshan_grant.show"),
    (_FORM, "anshan_applicant.save anshan_applicant.found anshan_applicant.update anshan_applicant.act"),
    (_FORM, "anshan_applicant.contact anshan_grant.make_token anshan_grant.revoke_token"),
    (Through("the door itself"), "anshan_application.attachment"),
    (_SHOWS, "anshan_application.*"),
    (_FORM, "anshan_application.begin anshan_application.save anshan_application.submit anshan_application.act"),
    (_FORM, "anshan_application.set_questions"),
    (Not("the text of an agreement, for its own sides; nothing of the data is in it"), "anshan_agreement.*"),
    (_FORM, "anshan_agreement.sign anshan_agreement.report_misuse anshan_agreement.answer_report"),
    (_SHOWS, "anshan_judging.*"),
    (_SHOWS, "anshan_sharing.*"),
    (_FORM, "anshan_sharing.feedback_create anshan_sharing.feedback_act"),
    (_FORM, "anshan_sharing.return_create anshan_sharing.return_act"),
    (_FORM, "anshan_judging.do_bulk anshan_judging.act anshan_judging.name_deputy anshan_judging.end_deputy"),
    (Through("the action that it calls"), "anshan_judging.identify"),
    (_FORM, "anshan_people.read_notices anshan_people.mail_notices"),
    (_SHOWS, "anshan_suspension.suspensions"),
    (_FORM, "anshan_suspension.suspend anshan_suspension.lift"),
    (_FORM, "anshan_people.make_token anshan_people.revoke_tokens user.api_tokens user.api_tokens_revoke"),
    (_FORM, "dataset.new dataset.edit dataset.delete dataset.groups dataset_resource.new dataset_resource.edit"),
    (_FORM, "dataset_resource.delete dataset_resource.edit_view datastore.dictionary"),
    (_FORM, "entry.new entry.edit entry.delete entry.groups entry_resource.new entry_resource.edit"),
    (_FORM, "entry_resource.delete entry_resource.edit_view"),
    (_FORM, "resource.new resource.edit resource.delete resource.edit_view"),
    (_FORM, "group.new group.edit group.delete group.bulk_process group.admins group.manage_members"),
    (_FORM, "group.member_new group.member_delete"),
    (_FORM, "organization.new organization.edit organization.delete organization.bulk_process organization.admins"),
    (_FORM, "organization.manage_members organization.member_new organization.member_delete"),
    (_SEEN, "dataset.follow dataset.unfollow entry.follow entry.unfollow group.follow group.unfollow group.followers"),
    (_SEEN, "organization.follow organization.unfollow organization.followers user.follow user.unfollow"),
    (_FORM, "user.delete user.edit user.register user.sysadmin"),
    (Through("the signals of logging in and out"), "user.login user.logout user.perform_reset user.request_reset"),
    (_ADMIN, "admin.config admin.reset_config admin.trash activity.admin_activities"),
    (Not("leads to a page of the portal"), "util.internal_redirect"),
)
_NAMED = {name: how for how, names in _PAGES for name in names.split()}


@cache
def page(endpoint: str, changes: bool) -> How | None:
    """How a page is recorded; nothing where nobody has thought about it.

    :param changes: whether it takes more than GET: then it has to be named in full
    """
    if endpoint in _NAMED or changes:
        return _NAMED.get(endpoint)
    return next((how for pattern, how in _NAMED.items() if "*" in pattern and fnmatch(endpoint, pattern)), None)


JOBS: Mapping[str, How] = {
    "anshan_cache_renew": Not("kept pages are thrown away; they hold nothing of their own"),
    "anshan_store_index": Not("the index is made again from what is recorded"),
    "access_make_copies": Not("copies of released files in another form; nobody reads them but through a grant"),
    "anshan_dataset_compare_versions": Not("a page of differences, made from two recorded versions"),
    "anshan_catalogue_import": STATE,
    "people_mail": Not("a mail of notices that stand in the portal's list; what they tell of is recorded"),
    "anshan_review_publish": Noted("submission.publish"),
    "anshan_application_copies": Not("copies of released files, to be read faster; made again at any time"),
    "load_tables": Event("table.loaded"),
    "drop_tables": Event("table.dropped"),
}
"""Work of the outbox."""

ROUTINES: Mapping[str, How] = {
    "review_lapse": Noted("submission.lapse"),
    "review_scans": Not("puts scans, which are on record, beside the submissions that wait for them"),
    "access_count_downloads": Not("counts what is on the log"),
    "access_alarm": Noted("grant.unusual"),
    "audit_alarm": Event("log.alarm"),
    "release_verify_files": Noted("file.damaged"),
    "inspection_scans": Noted("scan.ended"),
    "inspection_sketches": Not("hashes of what is public, to compare other files with"),
    "audit_forget_addresses": Event("person.forgotten"),
    "people_mail_daily": Not("a mail of notices that stand in the portal's list; what they tell of is recorded"),
    "people_forget_notices": Not("notices that were read long ago; what they told of is recorded"),
    "application_attachments": Not("puts scans, which are on record, beside the files that are attached"),
    "application_foretell": Not("tells before something is due; what is due, and since when, is recorded"),
    "application_remind": Noted("application.late"),
    "application_sweep": Noted("application.close"),
    "sharing_remind": Noted("sharing.feedback_late"),
    "review_remind": Not("tells again what is due; what was submitted, and when, is recorded"),
    "search_refresh": Not("the order of results, made from counts"),
    "log_begun": Event("log.begun", "log"),
    "staging_tables": Not("takes away what a killed process left half made, and nobody saw"),
    "vault_incoming": Not("takes away what a killed process left half made, and nobody saw"),
    "theme": Not("style sheets, made from the code"),
}
"""What is done each second, each minute, each hour and at each start."""
