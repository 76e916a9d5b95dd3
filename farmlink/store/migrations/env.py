"""What alembic runs for every command: our connection, whose transaction is opened and committed by `migrate`."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
