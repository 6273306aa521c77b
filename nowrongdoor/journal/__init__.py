"""What was done, by whom, when: one line for every command, never changed.

The journal is three things at once: the audit trail, the live feed that every
screen follows, and (later) the outbox to other systems.

- entry (`journal_entry`): one line, written inside the command's own transaction.
  Kind, time, actor and ids; nothing that names or describes a person.
- seal (`journal_seal`): the number and the hash of one entry, in the order in
  which transactions committed. Gapless. Each hash covers the one before it.
- sequencer: the one process that seals. Any process may take over.
- baseline (`journal_baseline`): what rows said that the owner wrote, who writes no
  entries; and what stood there before there was a key.
- facts: what an entry vouches for in rows: HMACs under a key outside the database.
- anchor: a number and hash written outside the database every minute, so that
  even a cut-off tail is found.
- feed: entries by their seal number, for screens and for `verify`.
"""
