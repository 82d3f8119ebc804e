"""An import may be judged first and written only when somebody says so."""

import sqlalchemy as sa
from alembic import op

revision = "007"
down_revision = "006"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    column = sa.Column("plan", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("anshan_catalogue_import", column)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("anshan_catalogue_import", "plan")
