"""Promises about time, kept as rows; and when the community's legal and program clocks are due (`counting`).

- deadline (`clocks_deadline`): something is due at an instant, in one program. Written
  by the command that makes the promise, shown on screens, cancelled by the command
  that keeps it, fired by `fire_due(at)` when it passes. Firing alerts; it never
  ends anything by itself.
- ring: one firing. What still waits is set anew by its reaction and rings again, as often
  as the setting `alarms` says; after the last ring it *stands*: open and overdue on every
  list, in silence, until somebody acts.
"""
