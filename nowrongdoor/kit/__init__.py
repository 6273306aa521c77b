"""What a module is declared with, so that everything around it follows.

- act: one command that people or other systems may call. From one line come its page address and
  view, its door, acting once, its form with errors beside the fields, its keyboard hint, and, where
  a machine may do it, its operation in the API.
- form: an act's form, drawn once for a reader and filled in for each row.
- board: rows that draw themselves again as the journal goes on.
- part: what a module shows on a desk. A desk belongs to a role; its parts belong to modules.
- screen: a page of a module's own, in the list of screens.
- module: all of it, in the module's own `module.py`; `site.modules` lists the modules.
"""
