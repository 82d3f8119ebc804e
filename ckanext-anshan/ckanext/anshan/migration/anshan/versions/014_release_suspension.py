"""Suspensions, lifts and retirements; by what a release was approved; and a wall: nothing opens without its signatures.

The trigger ``anshan_release_opens`` looks at every release that becomes public, whoever writes it, once a statement.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "014"
down_revision = "013"

REFUSE = """
CREATE OR REPLACE FUNCTION anshan_release_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY[{changes}] = to_jsonb(OLD) - ARRAY[{changes}]
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% holds what was signed: it cannot be changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""
CHANGES, CHANGES_BEFORE = "'state', 'published', 'until'", "'state', 'published'"

FINAL = """
CREATE FUNCTION anshan_release_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a release that is % stays so', OLD.state USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER anshan_release_final BEFORE UPDATE ON anshan_release_release
FOR EACH ROW WHEN (OLD.state IN ('retired', 'lapsed') AND NEW.state <> OLD.state)
EXECUTE FUNCTION anshan_release_final()
"""

KEYS = """
CREATE FUNCTION anshan_release_keys(wanted text) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN count(*) = count(DISTINCT signature.user_id)
        AND count(*) = count(DISTINCT signature.organization_id)
        AND (submission.way = 'emergency' OR bool_and(signature.user_id <> submission.submitter))
        THEN array_agg(signature.key) END
    FROM anshan_review_submission AS submission
    JOIN anshan_review_signature AS signature ON signature.submission_id = submission.id
        AND (signature.hash, signature.scan_hash, signature.opening_class)
            = (submission.hash, submission.scan_hash, submission.opening_class)
    WHERE submission.id = wanted
    GROUP BY submission.id
$$
"""
"""The keys turned for exactly this submission, by persons and organizations of their own, the submitter being none."""

MAY_OPEN = """
CREATE FUNCTION anshan_release_may_open(
    basis text, submission text, of_entry text, of_class text, open_until timestamptz
) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    asked anshan_review_submission%ROWTYPE;
    keys text[];
    is_whole boolean;
BEGIN
    SELECT * INTO asked FROM anshan_review_submission WHERE id = submission;
    IF NOT FOUND OR asked.state NOT IN ('released', 'provisional', 'published') OR asked.hash = '' THEN
        RETURN false;
    END IF;
    keys := coalesce(anshan_release_keys(submission), '{}');
    IF basis = 'list' THEN
        RETURN asked.kind = 'list' AND keys @> '{cyberspace,bureau}';
    END IF;
    IF (asked.kind, asked.entry_id, asked.opening_class) <> ('opening', of_entry, of_class) THEN
        RETURN false;
    END IF;
    is_whole := keys @> '{agency,cyberspace,bureau}';
    IF basis = 'routine' THEN
        RETURN asked.way = 'routine' AND keys @> '{agency}'
            AND coalesce(anshan_release_keys(asked.base), '{}') @> '{agency,cyberspace,bureau}'
            AND EXISTS (SELECT FROM anshan_review_submission WHERE id = asked.base AND entry_id = asked.entry_id);
    END IF;
    IF basis = 'emergency' THEN
        RETURN is_whole OR (asked.way = 'emergency' AND keys @> '{bureau}' AND coalesce(open_until > now(), false));
    END IF;
    RETURN basis = 'review' AND is_whole;
END $$
"""

OPENS = """
CREATE FUNCTION anshan_release_opens() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed record;
BEGIN
    SELECT opening.* INTO closed
    FROM (
        SELECT now.basis, now.submission, now.until, {had} AS had,
            CASE WHEN now.basis IN ('list', 'demo', 'earlier') THEN '' ELSE now.entry_id END AS entry_id,
            CASE WHEN now.basis IN ('list', 'demo', 'earlier') THEN '' ELSE now.opening_class END AS opening_class,
            min(now.dataset_name) AS dataset_name, min(now.version) AS version
        FROM new_rows AS now {before}
        WHERE now.state = 'published' {changed}
        GROUP BY 1, 2, 3, 4, 5, 6
    ) AS opening
    WHERE NOT CASE opening.basis
        WHEN 'earlier' THEN opening.had
        WHEN 'demo' THEN opening.had OR NOT EXISTS (
            SELECT FROM anshan_release_release AS other
            WHERE other.basis NOT IN ('demo', 'earlier') OR (other.basis = 'earlier' AND other.approval <> '{demo}')
        )
        ELSE anshan_release_may_open(
            opening.basis, opening.submission, opening.entry_id, opening.opening_class, opening.until
        )
    END
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'version % of % cannot be published: it lacks the signatures of its basis (%)',
            closed.version, closed.dataset_name, closed.basis USING ERRCODE = 'restrict_violation';
    END IF;
    WITH signed AS MATERIALIZED (
        SELECT list.id, line ->> 'entry' AS entry_id, line ->> 'metadata' AS metadata_hash
        FROM anshan_review_submission AS list, jsonb_array_elements(list.frozen -> 'lines') AS line
        WHERE list.id IN (SELECT submission FROM new_rows WHERE basis = 'list' AND state = 'published')
    )
    SELECT now.dataset_name, now.version INTO closed FROM new_rows AS now {before}
    WHERE now.state = 'published' AND now.basis = 'list' {changed} AND NOT EXISTS (
        SELECT FROM signed
        WHERE (signed.id, signed.entry_id, signed.metadata_hash) = (now.submission, now.entry_id, now.metadata_hash)
    )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'version % of % cannot be published: it lacks the signatures, the list has no such line',
            closed.version, closed.dataset_name USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT now.dataset_name INTO closed FROM new_rows AS now
    JOIN anshan_release_suspension AS suspension ON suspension.dataset_id = now.dataset_id
        AND suspension.lifted IS NULL
        AND (suspension.scope = 'dataset' OR (suspension.scope = 'version' AND suspension.version = now.version))
    WHERE now.state = 'published'
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% is suspended: both offices lift that first', closed.dataset_name
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""
DEMO = "鞍数发〔2026〕演示1号"  # by which the demo was approved before the basis was kept
INSERTED = {"function": "anshan_release_opens_new", "had": "false", "before": "", "changed": "", "demo": DEMO}
UPDATED = {
    "function": "anshan_release_opens",
    "had": "(before.state IN ('suspended', 'superseded', 'published') AND before.published IS NOT NULL)",
    "before": "JOIN old_rows AS before ON before.id = now.id",
    "changed": "AND (before.state, before.until) IS DISTINCT FROM (now.state, now.until)",
    "demo": DEMO,
}
ON_INSERT = """
CREATE TRIGGER anshan_release_opens_new AFTER INSERT ON anshan_release_release
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION anshan_release_opens_new()
"""
ON_UPDATE = """
CREATE TRIGGER anshan_release_opens AFTER UPDATE ON anshan_release_release
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION anshan_release_opens()
"""

LIFTED = """
CREATE FUNCTION anshan_release_lifted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'anshan_release_suspension' AND TG_OP = 'UPDATE'
        AND to_jsonb(NEW) - 'lifted' = to_jsonb(OLD) - 'lifted' AND OLD.lifted IS NULL
        AND (
            SELECT count(DISTINCT office) = 2 AND count(DISTINCT user_id) = 2 AND count(DISTINCT organization_id) = 2
            FROM anshan_release_lift WHERE suspension_id = OLD.id AND office IN ('cyberspace', 'bureau')
        )
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is never changed or deleted, and a suspension ends by both offices alone', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""
ROWS = """
CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION anshan_release_lifted()
"""
TRUNCATE = """
CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION anshan_release_lifted()
"""
KEPT = ("anshan_release_suspension", "anshan_release_lift", "anshan_release_retirement")
COLUMNS = ("basis", "submission", "trail", "keeps_versions", "until")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _columns()
    _suspensions()
    _lifts()
    _retirements()
    _damages()
    op.execute(REFUSE.format(changes=CHANGES))
    for statement in (FINAL, KEYS, MAY_OPEN, LIFTED):
        op.execute(statement)
    for given, trigger in ((INSERTED, ON_INSERT), (UPDATED, ON_UPDATE)):
        op.execute(_named(OPENS, given))
        op.execute(trigger)
    for table in KEPT:
        op.execute(ROWS.format(table=table))
        op.execute(TRUNCATE.format(table=table))


def _named(statement: str, given: dict[str, str]) -> str:
    text = statement.replace("anshan_release_opens()", f"{given['function']}()")
    for name in ("had", "before", "changed", "demo"):
        text = text.replace("{" + name + "}", given[name])
    return text


def _text(name: str, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False, server_default=default)


def _created(name: str = "created") -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def _columns() -> None:
    table = "anshan_release_release"
    op.add_column(table, _text("basis", "earlier"))
    op.add_column(table, _text("submission", ""))
    op.add_column(table, sa.Column("trail", JSONB, nullable=False, server_default="{}"))
    op.add_column(table, sa.Column("keeps_versions", sa.Boolean, nullable=False, server_default="false"))
    op.add_column(table, sa.Column("until", sa.DateTime(timezone=True)))
    named = sa.text("submission <> ''")
    op.create_index("anshan_release_release_submission", table, ["submission"], postgresql_where=named)


def _suspensions() -> None:
    table = "anshan_release_suspension"
    op.create_table(
        table,
        sa.Column("id", sa.Text, primary_key=True),
        *(_text(name) for name in ("dataset_id", "dataset_name", "scope")),
        sa.Column("version", sa.Integer),
        _text("file_name", ""),
        _text("sha256", ""),
        *(_text(name) for name in ("reason", "user_id", "organization_id")),
        _created(),
        sa.Column("lifted", sa.DateTime(timezone=True)),
    )
    once = ["dataset_id", "scope", sa.text("coalesce(version, 0)"), "sha256"]
    op.create_index(f"{table}_open", table, once, unique=True, postgresql_where=sa.text("lifted IS NULL"))
    op.create_index(f"{table}_name", table, ["dataset_name", "created"])


def _lifts() -> None:
    table = "anshan_release_lift"
    op.create_table(
        table,
        sa.Column("suspension_id", sa.Text, sa.ForeignKey("anshan_release_suspension.id"), primary_key=True),
        sa.Column("office", sa.Text, primary_key=True),
        *(_text(name) for name in ("user_id", "organization_id", "reason")),
        _created(),
        sa.UniqueConstraint("suspension_id", "user_id", name=f"{table}_person"),
        sa.UniqueConstraint("suspension_id", "organization_id", name=f"{table}_organization"),
    )


def _retirements() -> None:
    table = "anshan_release_retirement"
    op.create_table(
        table,
        sa.Column("id", sa.Text, primary_key=True),
        _text("dataset_id"),
        _text("dataset_name"),
        sa.Column("release_id", sa.Text, sa.ForeignKey("anshan_release_release.id"), nullable=False, unique=True),
        *(_text(name) for name in ("title", "reason", "article", "submission")),
        _created(),
    )
    op.create_index(f"{table}_dataset", table, ["dataset_id"])


def _damages() -> None:
    op.create_table(
        "anshan_release_damage",
        sa.Column("sha256", sa.Text, primary_key=True),
        _text("problem"),
        _created("found"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("opens_new", "opens", "final"):
        op.execute(f"DROP TRIGGER anshan_release_{name} ON anshan_release_release")
        op.execute(f"DROP FUNCTION anshan_release_{name}()")
    op.execute("DROP FUNCTION anshan_release_may_open(text, text, text, text, timestamptz)")
    op.execute("DROP FUNCTION anshan_release_keys(text)")
    for table in ("anshan_release_damage", *reversed(KEPT)):
        op.drop_table(table)
    op.execute("DROP FUNCTION anshan_release_lifted()")
    op.execute(REFUSE.format(changes=CHANGES_BEFORE))
    op.drop_index("anshan_release_release_submission")
    for name in COLUMNS:
        op.drop_column("anshan_release_release", name)
