"""What alembic runs: the revisions, over the connection that `migrating.py` holds."""

from alembic import context

from registry.accounts.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=context.config.attributes["version_table"],
)
context.run_migrations()
