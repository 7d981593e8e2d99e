"""Terminals of the grammar. Written by `python -m mjspec._generate`."""

__all__ = ["TERMINALS"]

TERMINALS = {
    "LINK": "<?https?:\\/\\/(?:(?!::|[,;.!?)\\]\"']+(?:\\s|\\Z))[^\\s<>])+>?",
    "WEIGHT": "::(?:-?(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?![\\da-z]))?",
    "DASH": "-(?: -(?!-))+|[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+",
    "SPACE": "[\\s\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+",
    "NAME": "[A-Za-z]+(?:[-_][A-Za-z]+)*|[^\\W\\d_]+|\u0000+",
    "REST": "[\\s\\S]+",
    "PLAIN": "(?:[^{},\\\\]|\\\\[\\s\\S]|\\\\\\Z)+",
    "COMMA": ",",
}
