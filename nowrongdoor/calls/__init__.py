"""The first contact, and the desks that take it.

- contact (`calls_contact`): somebody called, wrote or came to a door. A contact with a behavioral
  need opens an episode; any other is counted, with its times.
- desk pages: the board *Who holds whom*, the call desk, one episode, relief. Warm transfer, return
  to 911 and the other kinds of transfer between telephone desks are owned here.
- back-entry: paper, import and sandbox come in through the same commands as a live call, with
  their true times; `recorded_at` says when they were typed in.
"""
