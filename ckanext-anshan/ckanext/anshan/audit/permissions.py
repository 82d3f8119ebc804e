"""Who may do what with the log: the SQL that a superuser runs once, after the migrations.

The tables belong to a role that nobody logs in as. The web processes add events and read; the sealer adds leaves, nodes
and checkpoints and reads; neither changes or deletes a row, and neither may give itself the right to.
"""

from __future__ import annotations

OWNER, SEALER = "anshan_audit", "anshan_sealer"

ADDED = ("event", "leaf", "node", "checkpoint")
TABLES = (*ADDED, "head", "person", "witness", "retention")

ROLES = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN CREATE ROLE {OWNER} NOLOGIN; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{SEALER}') THEN CREATE ROLE {SEALER} LOGIN; END IF;
END $$;
"""
HANDED_OVER = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT oid::regclass::text FROM pg_class
        WHERE relname LIKE 'anshan\\_audit\\_%' AND relkind IN ('r', 'p')
        AND relnamespace = current_schema()::regnamespace
    LOOP EXECUTE format('ALTER TABLE %s OWNER TO "{owner}"', name); END LOOP;
    FOR name IN SELECT oid::regprocedure::text FROM pg_proc
        WHERE proname LIKE 'anshan\\_audit\\_%' AND pronamespace = current_schema()::regnamespace
    LOOP EXECUTE format('ALTER FUNCTION %s OWNER TO "{owner}"', name); END LOOP;
END $$;
"""
GRANTS = """
ALTER SCHEMA public OWNER TO CURRENT_USER; -- a database's owner owns it, and may drop what is in it
GRANT USAGE, CREATE ON SCHEMA public TO "{web}";
GRANT USAGE, CREATE ON SCHEMA public TO {owner};
GRANT USAGE ON SCHEMA public TO {sealer};
REVOKE ALL ON {tables} FROM PUBLIC, "{web}", {sealer};
REVOKE ALL ON FUNCTION anshan_audit_months(integer), anshan_audit_trim(date) FROM PUBLIC;
GRANT SELECT, INSERT ON anshan_audit_event TO "{web}", {sealer};
GRANT SELECT, INSERT, UPDATE ON anshan_audit_head TO "{web}";
GRANT SELECT, INSERT, DELETE ON anshan_audit_person TO "{web}";
GRANT SELECT ON anshan_audit_leaf, anshan_audit_node, anshan_audit_checkpoint, anshan_audit_witness TO "{web}";
GRANT SELECT, INSERT ON anshan_audit_leaf, anshan_audit_node, anshan_audit_checkpoint TO {sealer};
GRANT SELECT ON anshan_audit_retention TO "{web}";
GRANT SELECT, INSERT, UPDATE, DELETE ON anshan_audit_witness, anshan_audit_retention TO {sealer};
GRANT EXECUTE ON FUNCTION anshan_audit_months(integer), anshan_audit_trim(date) TO {sealer};
GRANT pg_read_all_stats TO {sealer};
"""


def sql(web: str) -> str:
    """What a superuser runs in the portal's database.

    :param web: the role of the web processes
    """
    tables = ", ".join(f"anshan_audit_{name}" for name in TABLES)
    names = {"owner": OWNER, "sealer": SEALER, "web": web, "tables": tables}
    return ROLES + HANDED_OVER.format(owner=OWNER) + GRANTS.format(**names)


def given_back(web: str) -> str:
    """What a superuser runs before migrations, which the web processes' role does; harmless on an empty database."""
    return HANDED_OVER.format(owner=web)
