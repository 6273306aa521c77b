"""Dispatch: units, crews, requests and assignments, from request to clear.

- kind (`dispatch_kind`): a kind of response that can be requested (a mobile team, a pair, police staged),
  as the community's files define it. Who may ask whom for it is a dated route.
- unit (`dispatch_unit`): two people and a car, *ours* or *CAD's*. Whose desk may send it is dated
  (`dispatch_unit_authority`). Of a unit of CAD's we know what CAD last said, and how old that is
  (`dispatch_cadstatus`); of every unit the latest position (`dispatch_position`) and when it is out of
  service (`dispatch_unavailable`).
- crew (`dispatch_crew`, `dispatch_crew_member`): who is on a unit now, of whatever employer, signed on
  at roll-call, in whose car. What they have learned stands in `dispatch_qualification`.
- request (`dispatch_request`): a response is requested. It never changes the owner. The unit's own
  authority accepts it, holds it for a unit with a promised time and a person who calls the caller, or
  declines with a reason. While it is held no team is on the way: at each step a person chooses
  (`dispatch_choice`).
- assignment (`dispatch_assignment`): one unit answering one request, from the order to go until it is
  clear. A unit has one at a time; what is entered afterwards, by import or from paper, is over and counts
  for none of that. Who comes in a car of their own has their own times
  (`dispatch_member_time`).
- check-in (`dispatch_check_in`): a team at a scene reports that it is OK, by tap, radio or phone.
  *Duress* (`dispatch_duress`): one tap, or a spoken word that the desk keys.
- told (`dispatch_notification`): who was told who is coming: the caller, patrol.
- caution (`dispatch_caution`): a safety alert about a place or a person, with its author, evidence,
  an end, and an appeal (on screens: a dispute). Never a diagnosis.
"""
