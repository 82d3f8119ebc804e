"""What the portal tells a user: once in their list, and once in a mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "013"
down_revision = "012"

TABLE = "anshan_people_notice"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("user_id", "kind")),
        sa.Column("facts", JSONB, nullable=False, server_default="{}"),
        sa.Column("link", sa.Text, nullable=False, server_default=""),
        sa.Column("about", sa.Text, nullable=False, server_default=""),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        *(sa.Column(name, sa.DateTime(timezone=True)) for name in ("read", "mailed")),
    )
    some = sa.text("about <> ''")
    unread = sa.text("read IS NULL")
    once = sa.text("read IS NULL AND about <> ''")
    unmailed = sa.text("read IS NULL AND mailed IS NULL")
    op.create_index(f"{TABLE}_user", TABLE, ["user_id", "id"])
    op.create_index(f"{TABLE}_about", TABLE, ["about", "day"], postgresql_where=some)
    op.create_index(f"{TABLE}_unread", TABLE, ["user_id", "id"], postgresql_where=unread)
    op.create_index(f"{TABLE}_unmailed", TABLE, ["user_id", "id"], postgresql_where=unmailed)
    op.create_index(f"{TABLE}_once", TABLE, ["about", "user_id", "kind", "day"], unique=True, postgresql_where=once)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table(TABLE)
