"""One person's crisis, from the first contact to after-care, and its owner.

- episode (`episodes_episode`): one person's crisis; the person may be unidentified. It has a number
  that can be read over a radio, and exactly one owner (`holder`) at every moment while it is open.
- holder: the owner. A named person of a program, or a program's queue, for which its supervisor answers.
- party (`episodes_party`): a program that may see the episode, and on what basis. *Working*
  parties own it, are offered it or have owned it; *informed* parties can see that it exists;
  *pointer* parties keep their own records and share only a number and a status.
- card (`episodes_card`): the caller information, shared with an offer: incident type, location, callback number.
- handoff (`episodes_handoff`): offered, then accepted by name (or verbally: `attested`), declined
  with a reason, or withdrawn. The only thing that changes the owner. Its purposes are the mechanisms:
  transfer, relief (shift change), take (from a queue), assume (from an owner who is offline), join,
  separate. What kinds of transfer there are is the community's data (`episodes_kind`); this
  module knows none by name, and has no pages: the module that owns a kind does.
- close: with an outcome, and with a named follow-up or the person's own decline.
"""
