"""Run migrations on the connection that `newsletter.database.upgrade` gives."""

from alembic import context

import subscribers.models  # noqa: F401 - imported for their tables
from newsletter.migrations import is_of_a_model
from subscribers.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    include_object=is_of_a_model,
)
with context.begin_transaction():
    context.run_migrations()
