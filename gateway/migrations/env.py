"""How Alembic runs here: on the connection ``gateway.database`` holds, in its one transaction."""

from alembic import context

from gateway.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
