"""Each action and each endpoint of the portal in one class: whom it concerns, what it is asked for, what may be in it.

A new one is in none and fails ``test_classes`` until somebody has thought about what it may tell, and to whom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from .belonging import PEOPLE


@dataclass(frozen=True)
class Class:
    what: str
    concerns: frozenset[str]  # ask for every object; the others for one of each kind, another one in each place
    kinds: tuple[str, ...]  # of objects of the world, see ``world.World.objects``
    may: tuple[str, ...]  # patterns of places that may be in its answers at all, to those they belong to
    actions: frozenset[str]
    endpoints: frozenset[str]


def _named(text: str) -> frozenset[str]:
    return frozenset(text.split())


CLASSES: Mapping[str, Class] = {
    "public": Class(
        "whatever everybody may read: the portal, its lists, feeds and descriptions",
        frozenset({"visitor", "user"}),
        ("entry", "file", "dataset", "public", "agreement", "organization", "theme", "word"),
        ("entry.*", "file.*", "data.*", "typed.*"),
        actions=_named(
            """
            anshan_agreement_verify anshan_application_figures anshan_application_form_show
            anshan_application_register anshan_audit_checkpoint_list anshan_catalogue_template
            anshan_dataset_compare anshan_dataset_show anshan_dataset_status anshan_open_counts
            anshan_open_list anshan_open_statistics anshan_preview_places anshan_preview_show
            anshan_release_list anshan_release_show anshan_search_complete anshan_suspension_list
            current_package_list_with_resources dataset_followee_count dataset_follower_count datastore_info
            datastore_search followee_count format_autocomplete group_autocomplete group_followee_count
            group_follower_count group_list group_package_show group_show help_show license_list
            organization_autocomplete organization_followee_count organization_follower_count
            organization_list organization_show package_autocomplete package_list package_relationships_list
            package_search package_show recently_changed_packages_activity_list resource_search
            resource_show resource_view_list resource_view_show scheming_dataset_schema_list
            scheming_dataset_schema_show scheming_organization_schema_list scheming_organization_schema_show
            status_show tag_autocomplete tag_list tag_search tag_show term_translation_show
            user_followee_count user_follower_count vocabulary_list vocabulary_show
            """
        ),
        endpoints=_named(
            """
            anshan_agreement.verify anshan_agreement.verify_code anshan_audit.about anshan_audit.checkpoint
            anshan_dataset.file anshan_dataset.items anshan_dataset.read anshan_dataset.version
            anshan_dataset.versions anshan_developers.catalogue anshan_developers.console
            anshan_developers.dataset anshan_developers.full_csv anshan_developers.full_json
            anshan_developers.home anshan_developers.keys anshan_developers.openapi_json
            anshan_developers.openapi_yaml anshan_developers.rss_custom anshan_developers.rss_general
            anshan_developers.rss_group anshan_developers.rss_organization anshan_developers.rss_tag
            anshan_developers.sitemap anshan_developers.sitemap_page anshan_developers.sitemap_pages
            anshan_finding.agencies anshan_finding.agency anshan_finding.datasets anshan_finding.district
            anshan_finding.districts anshan_finding.theme anshan_finding.themes anshan_pages.accessibility
            anshan_pages.help anshan_pages.home anshan_pages.open_list anshan_pages.open_list_csv
            anshan_pages.open_list_xlsx anshan_pages.regulation anshan_pages.statistics
            anshan_pages.statistics_csv anshan_preview.places anshan_preview.view anshan_results.register
            anshan_results.register_csv anshan_results.register_xlsx anshan_search.complete
            anshan_suspension.suspensions api.action api.dataset_autocomplete api.format_autocomplete
            api.get_api api.group_autocomplete api.organization_autocomplete api.tag_autocomplete
            api.user_autocomplete dataset.read dataset.search datastore.api_info datastore.dump feeds.custom
            feeds.general feeds.group feeds.organization feeds.tag group.about group.index group.read
            home.about home.index organization.about organization.index organization.read
            """
        ),
    ),
    "static": Class(
        "files of the theme, redirects, the log's tiles: the same bytes for everybody",
        frozenset({"visitor"}),
        ("word",),
        (),
        actions=frozenset(),
        endpoints=_named(
            """
            anshan_audit.tile anshan_audit.verifier anshan_theme.asset anshan_theme.library
            anshan_theme.look api.i18n_js_translations home.redirect_locale home.robots_txt static
            util.custom_form_fields util.internal_redirect util.primer webassets.index
            """
        ),
    ),
    "account": Class(
        "what is the caller's own: account, tokens, notices, desk",
        frozenset({"user", "granted", "head"}),
        ("user", "organization", "public"),
        (
            "application.*",
            "party.*",
            "entry.*",
            "typed.*",
            "review.*",
            "file.*",
            "data.*.header",
            "need.*",
            "feedback.*",
        ),
        actions=_named(
            """
            am_following_dataset am_following_group am_following_user anshan_notice_list anshan_notice_mail
            anshan_notice_read api_token_create api_token_list api_token_revoke dashboard_activity_list
            dashboard_mark_activities_old dashboard_new_activities_count dataset_followee_list
            dataset_follower_list follow_dataset follow_group follow_user followee_list group_followee_list
            group_follower_list group_list_authz organization_followee_list organization_follower_list
            organization_list_for_user package_collaborator_list_for_user unfollow_dataset unfollow_group
            unfollow_user user_autocomplete user_create user_delete user_followee_list user_follower_list
            user_invite user_list user_patch user_show user_update
            """
        ),
        endpoints=_named(
            """
            anshan_people.account anshan_people.dashboard anshan_people.desk anshan_people.mail_notices
            anshan_people.make_token anshan_people.nothing_more anshan_people.notice_list
            anshan_people.read_notices anshan_people.revoke_tokens anshan_people.tokens dashboard.datasets
            dashboard.groups dashboard.organizations user.api_tokens user.api_tokens_revoke user.delete
            user.edit user.follow user.followers user.index user.logged_out_page user.login user.logout
            user.me user.perform_reset user.read user.read_groups user.read_organizations user.register
            user.request_reset user.sysadmin user.unfollow
            """
        ),
    ),
    "entry": Class(
        "entries, their files, scans and history",
        frozenset({"user", "other_head", "reader", "editor", "sysadmin"}),
        ("entry", "file", "dataset", "scan", "activity", "organization"),
        ("entry.*", "file.*", "data.*", "typed.*"),
        actions=_named(
            """
            activity_create activity_data_show activity_delete activity_delete_all activity_delete_counts
            activity_diff activity_show anshan_catalogue_draft_discard anshan_catalogue_draft_save
            anshan_catalogue_draft_show anshan_catalogue_entry_list anshan_catalogue_export
            anshan_catalogue_import anshan_catalogue_import_list anshan_catalogue_import_show
            anshan_catalogue_import_start anshan_scan_cancel anshan_scan_difference anshan_scan_list
            anshan_scan_remedy anshan_scan_show anshan_scan_start anshan_scan_words_show
            anshan_scan_words_update bulk_update_delete bulk_update_private bulk_update_public dataset_purge
            file_create file_delete file_owner_scan file_ownership_transfer file_pin file_register
            file_rename file_show file_unpin group_activity_list organization_activity_list
            package_activity_list package_collaborator_create package_collaborator_delete
            package_collaborator_list package_create package_create_default_resource_views package_delete
            package_owner_org_update package_patch package_relationship_create package_relationship_delete
            package_relationship_update package_resource_reorder package_revise package_update
            resource_create resource_create_default_resource_views resource_delete resource_patch
            resource_update resource_view_clear resource_view_create resource_view_delete
            resource_view_reorder resource_view_update user_activity_list
            """
        ),
        endpoints=_named(
            """
            activity.admin_activities activity.dashboard activity.dashboard_testing activity.group_activity
            activity.group_changes activity.group_changes_multiple activity.organization_activity
            activity.organization_changes activity.organization_changes_multiple activity.package_activity
            activity.package_changes activity.package_changes_multiple activity.package_history
            activity.resource_history activity.user_activity anshan_entry.discard_draft anshan_entry.entries
            anshan_entry.items anshan_entry.keep_draft anshan_import.begin anshan_import.export
            anshan_import.findings anshan_import.form anshan_import.show anshan_import.start
            anshan_import.template anshan_inspection.cancel anshan_inspection.difference
            anshan_inspection.entry anshan_inspection.remedy anshan_inspection.report
            anshan_inspection.set_words anshan_inspection.start anshan_inspection.words dataset.delete
            dataset.edit dataset.follow dataset.followers dataset.groups dataset.new dataset.resources
            dataset.unfollow dataset_resource.delete dataset_resource.download dataset_resource.edit
            dataset_resource.edit_view dataset_resource.new dataset_resource.read dataset_resource.view
            dataset_resource.views datastore.dictionary entry.delete entry.edit entry.follow entry.followers
            entry.groups entry.new entry.read entry.resources entry.search entry.unfollow
            entry_resource.delete entry_resource.download entry_resource.edit entry_resource.edit_view
            entry_resource.new entry_resource.read entry_resource.view entry_resource.views resource.delete
            resource.download resource.edit resource.edit_view resource.new resource.read resource.view
            resource.views
            """
        ),
    ),
    "review": Class(
        "submissions and suspensions",
        frozenset({"other_head", "reader", "editor", "cyberspace", "sysadmin"}),
        ("submission", "entry", "dataset"),
        ("entry.*", "file.*", "data.*", "review.*"),
        actions=_named(
            """
            anshan_release_lift anshan_release_suspend anshan_review_statistics anshan_submission_bulk
            anshan_submission_check anshan_submission_clear anshan_submission_clock
            anshan_submission_comment anshan_submission_create anshan_submission_difference
            anshan_submission_list anshan_submission_open_at_once anshan_submission_preview
            anshan_submission_propose anshan_submission_reject anshan_submission_return
            anshan_submission_show anshan_submission_sign anshan_submission_withdraw
            """
        ),
        endpoints=_named(
            """
            anshan_review.act anshan_review.attachment anshan_review.bulk anshan_review.clock
            anshan_review.do_bulk anshan_review.file anshan_review.form anshan_review.queue
            anshan_review.send anshan_review.statistics anshan_review.statistics_csv
            anshan_review.submission anshan_review.submit anshan_review.suspensions anshan_suspension.lift
            anshan_suspension.suspend
            """
        ),
    ),
    "applicant": Class(
        "who applies: profiles and organizations",
        frozenset({"granted", "refused", "bureau", "head"}),
        ("company", "user"),
        ("party.*", "attorney.*", "identity.*"),
        actions=_named(
            """
            anshan_applicant_member_accept anshan_applicant_member_decline anshan_applicant_member_hand_over
            anshan_applicant_member_invite anshan_applicant_member_leave anshan_applicant_member_remove
            anshan_applicant_organization_bar anshan_applicant_organization_contact
            anshan_applicant_organization_create anshan_applicant_organization_list
            anshan_applicant_organization_refuse anshan_applicant_organization_show
            anshan_applicant_organization_submit anshan_applicant_organization_unbar
            anshan_applicant_organization_update anshan_applicant_organization_verify anshan_applicant_show
            anshan_applicant_update
            """
        ),
        endpoints=_named(
            """
            anshan_applicant.act anshan_applicant.attorney anshan_applicant.contact anshan_applicant.edit
            anshan_applicant.found anshan_applicant.new anshan_applicant.oidc_again
            anshan_applicant.oidc_callback anshan_applicant.oidc_login anshan_applicant.organization
            anshan_applicant.profile anshan_applicant.queue anshan_applicant.save anshan_applicant.update
            """
        ),
    ),
    "application": Class(
        "applications, as both sides see them",
        frozenset({"applying", "granted", "refused", "granted_other", "head", "cyberspace", "other_head"}),
        ("application", "attachment", "dataset"),
        ("application.*", "party.*", "file.*", "data.*", "entry.*"),
        actions=_named(
            """
            anshan_agreement_show anshan_application_accept anshan_application_answer
            anshan_application_attach anshan_application_clock anshan_application_create
            anshan_application_destroy anshan_application_detach anshan_application_discard
            anshan_application_end anshan_application_join anshan_application_list
            anshan_application_message anshan_application_report anshan_application_show
            anshan_application_submit anshan_application_update anshan_application_withdraw
            anshan_misuse_report anshan_report_answer anshan_report_list
            """
        ),
        endpoints=_named(
            """
            anshan_agreement.misuse anshan_agreement.pdf anshan_agreement.report_misuse
            anshan_agreement.show anshan_agreement.sign anshan_application.act anshan_application.attachment
            anshan_application.begin anshan_application.counted anshan_application.edit
            anshan_application.mine anshan_application.new anshan_application.save anshan_application.show
            anshan_application.submit
            """
        ),
    ),
    "judge": Class(
        "answers to applications",
        frozenset({"applying", "granted", "editor", "head", "cyberspace", "bureau", "other_head"}),
        ("application", "dataset", "entry", "organization"),
        ("application.*", "party.*", "identity.*", "file.*", "entry.*", "data.*.header"),
        actions=_named(
            """
            anshan_application_approve anshan_application_ask anshan_application_assign
            anshan_application_bulk anshan_application_countersign anshan_application_deputy_end
            anshan_application_deputy_list anshan_application_deputy_name anshan_application_examine
            anshan_application_extend anshan_application_form_update anshan_application_identify
            anshan_application_opine anshan_application_recuse anshan_application_refuse
            anshan_application_remarks anshan_application_resume anshan_application_revoke
            anshan_application_suspend anshan_application_take
            """
        ),
        endpoints=_named(
            """
            anshan_agreement.answer_report anshan_agreement.misuses anshan_agreement.reports
            anshan_application.questions anshan_application.set_questions anshan_judging.act
            anshan_judging.bulk anshan_judging.deputies anshan_judging.desk anshan_judging.do_bulk
            anshan_judging.end_deputy anshan_judging.examine anshan_judging.form anshan_judging.identify
            anshan_judging.name_deputy
            """
        ),
    ),
    "grant": Class(
        "what was granted, and the bytes",
        frozenset(PEOPLE),
        ("grant", "dataset", "public"),
        ("data.*", "file.*", "party.*", "application.*.token", "application.granted.report"),
        actions=_named(
            """
            anshan_grant_list anshan_grant_query anshan_grant_show anshan_grant_token_create
            anshan_grant_token_list anshan_grant_token_revoke anshan_grant_usage
            """
        ),
        endpoints=_named(
            """
            anshan_data.file anshan_data.latest anshan_grant.file anshan_grant.make_token
            anshan_grant.revoke_token anshan_grant.show
            """
        ),
    ),
    "sharing": Class(
        "data among agencies",
        frozenset({"other_editor", "other_head", "head"}),
        ("feedback", "need", "dataset", "entry", "application", "organization"),
        ("entry.*", "file.*", "feedback.*", "need.*"),
        actions=_named(
            """
            anshan_sharing_catalogue anshan_sharing_feedback_confirm anshan_sharing_feedback_correct
            anshan_sharing_feedback_create anshan_sharing_feedback_list anshan_sharing_feedback_reject
            anshan_sharing_feedback_show anshan_sharing_feedback_withdraw anshan_sharing_return_confirm
            anshan_sharing_return_create anshan_sharing_return_decline anshan_sharing_return_list
            anshan_sharing_return_merge anshan_sharing_return_promise anshan_sharing_return_refuse
            anshan_sharing_return_return anshan_sharing_return_show anshan_sharing_return_withdraw
            """
        ),
        endpoints=_named(
            """
            anshan_sharing.catalogue anshan_sharing.feedback anshan_sharing.feedback_act
            anshan_sharing.feedback_create anshan_sharing.feedback_list anshan_sharing.feedback_new
            anshan_sharing.return_act anshan_sharing.return_create anshan_sharing.return_new
            anshan_sharing.return_show anshan_sharing.returns anshan_sharing.returns_csv
            anshan_sharing.returns_xlsx
            """
        ),
    ),
    "audit": Class(
        "the log",
        frozenset({"editor", "head", "bureau", "sysadmin"}),
        ("event", "entry", "application"),
        (
            *("entry.*", "file.*", "application.*", "review.text", "review.internal.file", "party.*"),
            *("attorney.*.file", "need.*", "feedback.*"),
        ),
        actions=_named(
            """
            anshan_audit_history anshan_audit_proof anshan_audit_search
            """
        ),
        endpoints=_named(
            """
            anshan_audit.export_csv anshan_audit.export_xlsx anshan_audit.history anshan_audit.proof
            anshan_audit.search
            """
        ),
    ),
    "machine": Class(
        "settings, queues, organizations, and what is refused to everybody",
        frozenset({"sysadmin", "head"}),
        ("organization", "theme", "user", "word", "file"),
        ("entry.*", "file.*", "data.*"),
        actions=_named(
            """
            config_option_list config_option_show config_option_update datastore_create datastore_delete
            datastore_function_create datastore_function_delete datastore_records_delete
            datastore_run_triggers datastore_upsert get_site_user group_create group_delete
            group_member_create group_member_delete group_patch group_purge group_update job_cancel
            job_clear job_list job_show member_create member_delete member_list member_roles_list
            organization_create organization_delete organization_member_create organization_member_delete
            organization_patch organization_purge organization_update send_email_notifications tag_create
            tag_delete task_status_delete task_status_show task_status_update task_status_update_many
            term_translation_update term_translation_update_many vocabulary_create vocabulary_delete
            vocabulary_update
            """
        ),
        endpoints=_named(
            """
            admin.config admin.index admin.reset_config admin.trash file.download file.public_download
            file.trusted_download group.admins group.bulk_process group.delete group.edit group.follow
            group.followers group.manage_members group.member_delete group.member_dump group.member_new
            group.members group.new group.unfollow organization.admins organization.bulk_process
            organization.delete organization.edit organization.follow organization.followers
            organization.manage_members organization.member_delete organization.member_dump
            organization.member_new organization.members organization.new organization.unfollow
            """
        ),
    ),
}


@cache
def of_action(name: str) -> Class:
    return next(one for one in CLASSES.values() if name in one.actions)


@cache
def of_endpoint(name: str) -> Class:
    return next(one for one in CLASSES.values() if name in one.endpoints)
