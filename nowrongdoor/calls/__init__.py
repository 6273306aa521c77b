"""The first contact, the callers' lines, and the warm transfer between those who answer them.

- contact (`calls_contact`): somebody called, wrote or came to a door. A contact with a behavioral
  need opens an episode; any other is counted, with its times. The caller may not be the person.
- leg (`calls_leg`): one caller's line: audio, video, text, in person. Legs are facts, said by a desk's
  key or by a telephone system over the API. *Alone*: nobody of ours is on it, which alarms.
- on the line (`calls_participant`): a named person on a leg, *joined* (speaks) or *listening* (stays on
  after handing on, until released by name). Nobody can listen in on text.
- warm transfer: offered, accepted by name, the sender listening on; taken back, returned to 911,
  relieved, released. Kinds of transfer between telephone desks are owned here.
- search (`calls_search`, `calls_search_attempt`): a place, or a caller who was lost, is being sought, with an
  owner, tries and a clock.
- sent (`calls_external_responder`): what went, as whoever sent it in CAD says. A rescue waits until they were met.
- pull (`calls_call_request`): a clinician asks for a call that somebody else holds.
- plan (`calls_plan_note`): a counselor's note and plan; read by their own program alone.
- line status (`calls_line_status`): a program's lines do not answer, as somebody at a desk said.
- other centres (`calls_psap`): which 911 centre answers for which zones, and its number.
- clip: CAD's text, pasted or sent by a macro, fills a new call; a page of this module's own.
- back-entry: paper, import and sandbox come in through the same commands as a live call, with
  their true times; `recorded_at` says when they were typed in.
"""
