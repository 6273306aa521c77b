"""What every module with tables shares: locking a row, a new id, a table's lock against strangers.

- `locked(Model, id)`: the row, held until the transaction ends, or NotFound.
- `new_id(at)`: a version 7 UUID; the edge may set where its chance comes from.
- `policies`: row-level security for migrations; every table says who sees what.
"""
