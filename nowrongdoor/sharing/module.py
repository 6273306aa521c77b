"""Sharing, as the house knows it."""

from nowrongdoor.kit.module import Module
from nowrongdoor.sharing import kinds

MODULE = Module(name="sharing", kinds=kinds.ALL)
