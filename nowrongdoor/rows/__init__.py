"""What every module with tables shares: locking a row, a new id, a table's lock against strangers.

- `locked(Model, id)`: the row, held until the transaction ends, or NotFound.
- `new_id(at)`: a version 7 UUID; the edge may set where its chance comes from.
- `policies`: the conditions of row-level security, and the two roles.
- `constraints`, `functions`: row access, immutability, required deadlines and other safeguards, declared in
  a model's `Meta.constraints`; `makemigrations` (`autodetector`) writes their migrations.
"""
