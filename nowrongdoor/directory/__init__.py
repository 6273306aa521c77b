"""Where a person can go now: places, whom they take, when they are open, how full they are.

- facility (`directory_facility`): a place of the community, with whom it takes and when it is
  open. Loaded from `facilities.yaml`; the app only reads it.
- capacity (`directory_capacity`): the last reported capacity status, who reported it, and when it is next
  reviewed. Rows are added, never changed; the last one is how it stands.
- own word: said by the program that runs the place. Told: what someone there said by phone, with
  their name, written down by another program.
- standing: the last word while it is fresh. Afterwards it is unknown, whatever was said.
- destination: one place as it fits one need, with a reason for each thing that was looked at. A
  person chooses among them; nothing is chosen by itself.
"""
