"""A community's legal and program clocks: when something is due, counted from its file `clocks.yaml`.

- clock: one row of the file. It starts on an event and counts an amount of a unit: minutes, hours, business hours,
  court days, business days, calendar days, calendar years.
- terms: how one reading of one version of a clock counts. A text that is doubtful has two readings, the ordinary
  one and the cautious one, which is shorter.
- calendar: which dates do not count, and what each is called.
- case: what is known of one count besides its start: closures of the court, pauses, absences, earlier stays, a date
  on the face of an order.
- count: what comes of it: a time, *not in force*, or *none left*; and the same in words, with statute and certainty.

Nothing here asks what time it is, or a database. Deadlines that are rows stand one folder up.
"""
