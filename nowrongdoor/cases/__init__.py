"""Cases: what a program goes on doing for one person after the moment.

- case (`cases_case`): a program's standing responsibility. An open one has exactly one owner: a named member, or the program's queue, for
  which its supervisor answers.
- kind: what sort of case; its states, results, outcomes and plans are the community's data (`cases.yaml`).
- task (`cases_task`): something owed to the person by a time; done once.
- try (`cases_attempt`): what was done for a task, and what came of it.
- move (`cases_move`): from one state to another, as when somebody is in jail; meanwhile clocks that may be paused do not run.
"""
