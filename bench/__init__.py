"""How fast it is, measured beside a floor that the same run measures on the same machine.

`python -m bench` runs every benchmark but `suite` and `taps`; `python -m bench NAME …` runs the named ones;
`--repeats N` asks for fewer or more than five. Each prints a line for every figure, and at the end
stands one table. No time is ever asserted: an aim is printed beside its figure, nothing more. What
would make a figure worthless (a request refused, a row that never came) is counted and printed.
A whole run takes about ten minutes; `cold` fetches every dependency again.

Words:
- figure: what was measured, one value for each repeat; printed as their median and interquartile
  range. A p99 is taken within each repeat, over everything that happened in it.
- floor: the least that the same work costs here: a bare program of a few lines, started as a
  process of its own in the same run, right after each repeat. The ratio to it travels between
  machines; the figure itself does not.
- closed loop: each client waits for its answer before it asks again. It measures throughput.
- open loop: everything is sent at its planned time, and latency counts from that time, so that a
  server which stalls cannot make its clients ask less often.

The benchmarks, one file each:
- `commands.py`: commands a second through HTTP, rules, row-level security and journal.
- `boards.py`: from the sending of a command to its row on each of 200 live boards.
- `desk.py`: from a key to the level on the screen, from one desk to the other, in a browser; the
  protocol's evaluation and proof.
- `gate.py`: one disclosure decided, at 64 and at 5,000 rows, beside cedarpy and pycasbin.
- `ranking.py`: every unit in order for one need, 10 to 100,000 units.
- `revocation.py`: from the commit of a revocation until an open page shows nothing of what it had opened.
- `sequencer.py`: how long a journal entry waits for its seal while an import runs.
- `taps.py`: from a team's tap to its row on 200 live boards; the desk's page on a bad night.
  Only when named: it has not run to its end yet.
- `teams.py`: visits a second of an import of teams' visits, and of the same import run again.
- `cold.py`: from `git clone` to the first answer, with empty caches.
- `suite.py`: how long `make test` takes. Only when named.

What they start, each in a process of its own:
- `clients.py`: clients that send commands in a closed loop.
- `watchers.py`: boards that listen, and one sender in an open loop.
- `tokens.py`: issues keys of machines, as an administrator of the synthetic community would.
- `revoking.py`: signs a release and stops it, again and again.
- `many_units.py`: fills a database with episodes and units on their way.
- `entering.py`: imports a file of teams' visits, twice.
- `profiled.py`: where a command's time goes; only when the aim of `commands` is missed.
- `peer_gate.py`: those two engines; `gate_policies.py`: our rows in their languages.
- `floor_commands.py`, `floor_boards.py`, `floor_sequencer.py`, `floor_teams.py`: the floors.

What they share:
- `processes.py`: starting and stopping; nothing outlives a run, an interrupt included.
- `house.py`: the real program in a temporary folder, on a free port of loopback.
- `figures.py`: figures, quantiles and the table.

Clients and server share one machine, and so its processors: a figure says what both cost together.
"""
