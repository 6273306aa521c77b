"""The synthetic city: made-up callers, and staff who answer them by the same commands as people.

Everything that happens here goes through the commands of the modules below, as the member who does it;
the sandbox has no table of its own and writes none. Rates, times and names are a community's file,
`sandbox.yaml`. The same seed is the same city: arrivals and callers are pure, and drawn hour by hour.
"""
