"""What tells a personal datum or a secret from other characters: one file for each way of looking."""

from .patterns import conceal, spans

__all__ = ["conceal", "spans"]
