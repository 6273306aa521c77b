"""Records that come from other systems and go to them, always through the modules' commands.

- profile (`profiles/*.yaml`): which column of another system's file is what, in which time zone,
  and which of its words mean a behavioral need.
- row: one line of such a file. It becomes a contact (and, where behavioral, an episode held by the
  911 centre), or a reject with line, column and reason. Nothing in between, and never a guess.
- scope: whose a foreign number is and of which year; it is kept with it.
- report: what was read, entered, known already, completed and rejected, of what time, with the words that
  the profile does not name and the stages' medians.

Has no tables of its own.
"""
