"""Who may be told what, why, and on what basis; and what was told.

`Ruleset`: the community's table of rules. `SignOff`: a row of it that waited for counsel. `Agreement`, `Agreed`,
`Paper`: what agencies signed. `Release`, `Subject`: what a person signed, and whose record it means. `Ground`:
an order, process or emergency, by name. `Disclosure`: the ledger. `Review`: what another person has to look at.
`Look`: who looked. `Ask`: who asked to see what is closed to them.
"""
