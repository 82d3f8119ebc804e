"""What was approved of sharing is kept with each version: an edit of the entry opens nothing more (article 20).

A version of before gets what was frozen when it was signed, or else what its entry says on this day; the mark
``earlier`` tells that the record of the version doesn't cover it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "020"
down_revision = "019"

FIELDS = (
    "'sharing_class', 'sharing_basis', 'sharing_conditions', 'sharing_scope', 'sharing_method', 'allowed_uses',"
    " 'access_methods', 'longest_term', 'daily_quota', 'second_opinion', 'report_cycle', 'destruction_days',"
    " 'allows_aggregates'"
)
ITEM = "'name', 'column', 'type', 'unit', 'sensitive', 'sharing_class', 'filterable', 'necessity'"
FILL = f"""
UPDATE anshan_release_release AS release
SET sharing = jsonb_build_object('earlier', true, 'information_items', (
        SELECT coalesce(jsonb_agg((
            SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each_text(item)
            WHERE key IN ({ITEM}) AND value <> ''
        ) ORDER BY at), '[]')
        FROM jsonb_array_elements(coalesce(nullif(said.extras->>'information_items', ''), '[]')::jsonb)
            WITH ORDINALITY AS listed (item, at)
    )) || (
        SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each_text(said.extras)
        WHERE key IN ({FIELDS}) AND value <> ''
    )
FROM (
    SELECT release.id, coalesce(submission.frozen->'entry'->'extras', entry.extras, '{{}}')::jsonb AS extras
    FROM anshan_release_release AS release
    LEFT JOIN anshan_review_submission AS submission
        ON submission.id = release.submission AND submission.kind = 'opening'
    LEFT JOIN package AS entry ON entry.id = release.entry_id AND entry.state = 'active'
) AS said
WHERE said.id = release.id
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    table = "anshan_release_release"
    op.add_column(table, sa.Column("sharing", JSONB, nullable=False, server_default="{}"))
    if op.get_bind().scalar(sa.text(f"SELECT EXISTS (SELECT FROM {table})")):
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        op.execute(FILL)
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("anshan_release_release", "sharing")
