"""One person's crisis, from the first contact to after-care, and who holds it.

- episode (`episodes_episode`): the crisis of one, possibly unknown, person. It has a number that
  can be read over a radio, and exactly one holder at every moment while it is open.
- holder: a named person of a program, or a program's queue, for which its supervisor answers.
- party (`episodes_party`): a program that may see the episode, and on what basis. *Working*
  parties hold it, are offered it or have held it; *informed* ones know that it is there; *pointer*
  parties keep their records at home and give a number and a status only.
- card (`episodes_card`): what travels with an offer: what happened, where, whom to call back.
- handoff (`episodes_handoff`): offered, then accepted by name (or attested), declined with a
  reason, or withdrawn. The only thing that moves a holder. Its purposes are the mechanisms:
  transfer, relief (shift change), take (from a queue), assume (from an unreachable holder), join,
  separate. What kinds of transfer there are is the community's data (`episodes_kind`); this
  module knows none by name, and has no pages: the module that owns a kind does.
- close: with an outcome, and with somebody accountable afterwards or the person's own decline.
"""
