"""The desks: a role's screens, made of several modules' parts. No rules and no tables of their own.

- desk: what one role has in front of it, top to bottom: the call, the board *Active calls*, who
  comes (dispatch), the team's phone, the supervisor's page, the clinician's queue, shift relief, the
  shift briefing, people and access, who is on duty. What stands on it and in which order is the role's to say, so a desk belongs to no
  module; a page about one module's own rows stays in that module.
- part: what one module shows on a desk, declared in that module's `parts.py`.
- the API of the product is put together here as well: one operation for each key of a desk.

Addresses keep the names they have always had (`calls:episode`, `calls:board`, …).
"""
