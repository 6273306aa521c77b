"""A community as data: nothing of any one city is in the code.

- community: one folder of files, loaded into one database (`community_community`).
- code list (`community_code`): the values of one list, with a name in each language. Values retire, they
  are never removed.
- zone (`community_zone`): a part of the map that people name over the radio.
- streets (`community_streets`): the lines of the map, with where house numbers stand. `streets.py` reads
  them from a file, `addresses.py` finds a place that somebody typed.
- dated setting (`community_setting`): a number that a program may change, from a date on, with its source.
- version (`community_version`): one value that changes whenever any reference row does, so that servers
  may keep such rows in memory (`remembered.py`).

`schema.py` says what the files hold, `files.py` reads them and names file, line and key of
whatever is wrong. Agencies, people and handoff kinds stand in the same folder; their modules
keep their rows.
"""
