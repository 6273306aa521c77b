"""Records that come from other systems and go to them, always through the modules' commands.

- profile (`profiles/*.yaml`): which column of another system's file is what, in which time zone,
  and which of its words mean a behavioral need.
- row: one line of such a file. It becomes a contact (and, where behavioral, an episode held by the
  911 centre), or a reject with line, column and reason. Nothing in between, and never a guess.
- report: what was read, entered, known already and rejected, with the stages' medians.

Has no tables of its own.
"""
