"""Who may tell whom what, for which purpose, on what basis.

- disclosure table: a community's file `disclosure.yaml`: rows that deny, rows that allow, and what must
  always hold of them (docs/howto/gate.md).
- class: what sort of information it is, D1 to D14. Fields of a record belong to groups: `card`, `safety`.
- kind: what sort of program tells or is told; the walls run inside a police department.
- fact: what is true of one disclosure besides class, kinds and purpose: a release, an emergency, an order.
- row: decides what it matches. `deny` first; then the first `allow` row whose needs hold; else nobody is told.
- basis: the letter under which a row allows it. Duty: what whoever tells has to do besides.
- settled: counsel has agreed to the row. One that is not is passed over until the community signs it off.
"""
