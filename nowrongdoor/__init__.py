"""No Wrong Door: a community's crisis response, from the first call to after-care.

Start with `docs/domain/README.md` for the words, `ARCHITECTURE.md` for the map
and `kernel/` for the few types that everything else is made of.
"""
