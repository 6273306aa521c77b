"""Who takes part, and who may do what.

- agency: an organisation with its own people and its own law (police, 911 centre, clinic).
- program: a part of an agency with its own work and its own wall. Deflection and
  patrol may be one police department and still not see each other's records.
- member: a person who signs in. Paid by an employer, which need not be the
  agency they work for today.
- position: a member's role in one program. Signing in means choosing one.
- role and action: what a position may do. What is not granted is refused.
- route: who may hand a person, or standing awareness, to whom, and on what basis.
- presence: who sits at which desk now, and when they were last heard.
- shift: who is on duty in a program, from when until when.
- act_as: the only way to say to the database who is asking; see `acting.py`.

Tables: `agencies_agency`, `agencies_program`, `agencies_desk`, `agencies_member`,
`agencies_position`, `agencies_route`, `agencies_shift`, `agencies_presence`,
`agencies_token`.
"""
