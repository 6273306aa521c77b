"""Whom a program knows: its own records of people, and which of them are one human being.

- person (`identity_person`): one program's record of somebody. Each program keeps its own; none is ever
  deleted, and none of another program's is read. An *unknown* person is a record too: a moniker, a place
  and a description.
- name (`identity_name`), phone (`identity_phone`): what the record has of each; one that was wrong ends.
- key (`identity_key`): a number made of what sounds alike, of a birth date or of the end of a phone number.
  Records with the same key may be one person; only a person says so. Keys live while the record says so.
- judgment (`identity_judgment`): a named person says of two records: the same, not the same, or later; with
  the reasons that were on the screen. It is undone, never changed. *Linked* records are judged the same.
- merged: a record that is read as part of another one of the same program, until it is separated again.
- bits: how much more likely two records agree so if they are of one person than by chance, as the
  logarithm to base 2; 10 bits are about a thousand times. They are shown, and decide nothing.
"""
