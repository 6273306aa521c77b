"""What a call needs, decided by the community's own protocol and by nothing else.

- protocol (`triage_protocol`): a file of questions, rules and invariants that four people approve (clinical, 911,
  police, medical director; `triage_approval`). It is read into facts, proved for every possible answer, then used.
- question: answered Y, N or a value, `U` (asked twice, or nobody there can know), or not asked yet.
  *Hard stops* come first; one that is not asked counts as unknown.
- level: what the person needs, by the first rule that matches: E, 4, 3B, 3A, 2, 1, or X (the
  agency's standard protocol). What is sent is another fact.
- duty: something that has to be done, by every rule that matches.
- response: police, EMS and clinical, each on its own axis.
- invariant: what must hold whatever is answered. The proof finds the call that breaks one.
- story: a call that somebody walked through, with the level, rule and duties it must get.
- mutation: one rule dropped or weakened. Somebody must notice: an invariant, a story, the proof.
- screening (`triage_screening`): what is known of a need after one step. Append-only. The level that
  stands rises by itself; lowering is a named act with a reason.
- answer (`triage_answer`): as it was given, when, to whose question. Some do not travel.
- clinical need (`triage_clinical_need`): a team or a pair that a person at 4 or E is owed once it is
  safe. Open until a program accepts it, or a person ends it with a reason.
- duty done (`triage_duty_done`): by whom, when.
"""
