"""The few types that every module is made of. Standard library only.

- `Verdict`: a yes or a no with the rule that gave it; `Refused` and its kin carry one.
- `Actor`: who acts, for which agency and program, in which role.
- `Span`: from one instant to another, or still open.
- `uuid7`: ids that sort by the time they were made.
"""
