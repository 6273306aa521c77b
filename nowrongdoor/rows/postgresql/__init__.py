"""PostgreSQL as Django has it, with a pool that asks over the wire only where it has to (`base`)."""
