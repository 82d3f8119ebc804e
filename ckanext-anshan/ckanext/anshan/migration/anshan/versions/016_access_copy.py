"""Columnar copies of released tables, which grants are read from."""

revision = "016"
down_revision = "015"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
