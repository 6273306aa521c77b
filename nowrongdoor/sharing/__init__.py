"""Who may be told what, why, and on what basis; and what was told.

Table (`sharing_ruleset`): the community's rules. Sign-off (`sharing_signoff`): a row of it that waited for
counsel. Agreement (`sharing_agreement`), who agreed (`sharing_agreed`) and its scan (`sharing_paper`): what
agencies signed. Release (`sharing_release`) and subject (`sharing_subject`): what a person signed, and whose
record it means. Ground (`sharing_ground`): an order, process or emergency, by name. Disclosure
(`sharing_disclosure`): the ledger. Review (`sharing_review`): what another person has to look at. Look
(`sharing_look`): who looked. Ask (`sharing_ask`): who asked to see what is closed to them. Suspension
(`sharing_suspension`): what a person's accounting leaves out for a time, because law enforcement asked for it.
"""
