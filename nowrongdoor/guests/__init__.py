"""The guest link: a receiver without an account answers one offer by name.

- guest: another 911 center, an emergency department's nurse, a clinic's intake. Whoever has no
  account and is asked to take a person on.
- link (`guests_link`): opens one offer to one guest, until it is answered, ended or twelve hours
  old, in the first browser that opens it. It comes as an address (sent, or as a QR code) or as a spoken
  code (the short name of the place and eight digits), which opens for half an hour; of both only a digest
  is kept. An offer has one open link at most.
- gate: which fields of the card a guest may read, and when.
"""
