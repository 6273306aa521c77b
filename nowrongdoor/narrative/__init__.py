"""Who wrote what when on a call: one log, and messages between owner, desk and team.

- note (`narrative_note`): one thing that somebody wrote on a call. Never changed or removed: a
  correction is a further note, which says what it corrects. Everybody who works on the call reads it.
- message: a note for one of the programs that work on the call. It stands on that program's list of
  messages until somebody there acknowledges it by name.
- class: what sort of information a note holds. Until releases and agreements say who may be told
  what, there is only D1, what is needed to respond: no clinical details.
"""
