"""The kinds of deadline of cases."""

UNTAKEN, TASK_DUE = "cases.untaken", "cases.task_due"
