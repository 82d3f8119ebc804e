"""workflow_outbox."""

from alembic import op

revision = "003"
down_revision = "002"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
