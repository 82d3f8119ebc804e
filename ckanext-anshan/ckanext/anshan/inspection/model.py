"""Reports of scans, what was mended by them, an agency's words, and sketches of published key columns.

Nothing in here holds a raw value of a file: examples come masked from the scanner.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()

report = sa.Table(
    "anshan_inspection_report",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("resource_id", sa.Text, nullable=False),
    sa.Column("package_id", sa.Text, nullable=False),  # the entry
    sa.Column("sha256", sa.Text, nullable=False),  # hex; of the file that is scanned
    sa.Column("size", sa.BigInteger, nullable=False),  # bytes
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("scanner", sa.Text, nullable=False),  # version of code, policy, dictionaries and the agency's words
    sa.Column("state", sa.Text, nullable=False),  # rules.State
    sa.Column("progress", sa.Float, nullable=False, server_default="0"),  # 0 to 1
    sa.Column("part", sa.Text, nullable=False, server_default=""),  # what is being read
    sa.Column("host", sa.Text, nullable=False, server_default=""),  # where it runs
    sa.Column("worker", sa.Text, nullable=False, server_default=""),  # processes.identity
    sa.Column("process", sa.Text, nullable=False, server_default=""),  # of the scan itself
    sa.Column("seen", sa.DateTime(timezone=True)),  # when the worker last looked at it
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", sa.Text, nullable=False, server_default=""),  # a code of messages.FAILURES
    sa.Column("report", JSONB),  # docs/scan-report.schema.json
    sa.Column("severity", sa.Text),  # of the worst finding; empty where nothing was found
    sa.Column("user_id", sa.Text),  # who asked
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("started", sa.DateTime(timezone=True)),
    sa.Column("finished", sa.DateTime(timezone=True)),
    sa.Index(
        "anshan_inspection_report_once",
        "resource_id",
        "sha256",
        "scanner",
        unique=True,
        postgresql_where=sa.text("state <> 'failed'"),
    ),
    sa.Index(
        "anshan_inspection_report_open", "created", postgresql_where=sa.text("state = ANY ('{queued,running}'::text[])")
    ),
    sa.Index("anshan_inspection_report_package", "package_id", "created"),
)

remedy = sa.Table(
    "anshan_inspection_remedy",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("report_id", sa.Text, sa.ForeignKey(report.c.id), nullable=False),
    sa.Column("from_sha256", sa.Text, nullable=False),  # stays in the vault
    sa.Column("to_sha256", sa.Text, nullable=False),
    sa.Column("asked", JSONB, nullable=False),
    sa.Column("changes", JSONB, nullable=False),  # with masked examples
    sa.Column("user_id", sa.Text),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Index("anshan_inspection_remedy_report", "report_id"),
    sa.Index("anshan_inspection_remedy_to", "to_sha256"),
)

word = sa.Table(
    "anshan_inspection_word",
    metadata,
    sa.Column("organization_id", sa.Text, primary_key=True),
    sa.Column("word", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),  # of config/scan/kinds.yaml
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("user_id", sa.Text),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)

sketch = sa.Table(
    "anshan_inspection_sketch",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),  # of a published file
    sa.Column("column_name", sa.Text, primary_key=True),  # empty: it was looked at and has no key column
    sa.Column("dataset_id", sa.Text, nullable=False),
    sa.Column("entry_id", sa.Text, nullable=False),  # its own files aren't compared with it
    sa.Column("title", sa.Text, nullable=False),  # of the dataset, when it was looked at
    sa.Column("sketch", sa.LargeBinary, nullable=False),  # scan.joining.Sketch; hashes, no values
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)
