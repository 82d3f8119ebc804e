"""What a remedy did, or why it was refused: an English sentence per code, translated where it's shown."""

from __future__ import annotations

from collections.abc import Mapping

from .marking import N_
from .masking import RULES

WORDS: Mapping[str, str] = {
    # what was done: Change.rule
    "drop": N_("The column is gone."),
    **{f"mask.{kind}": sentence for kind, sentence in RULES.items()},
    "month": N_(
        "Dates are given by year and month; where day and month can't be told apart, by year. "
        "What isn't understood as a date is left empty."
    ),
    "street": N_(
        "Addresses end with the street office, the town or the road, without a number; "
        "where none is named, with the district. What isn't understood becomes ***."
    ),
    "round": N_(
        "Coordinates have three decimals, which is about 100 metres. Larger numbers, which are metres or degrees "
        "without a point, are rounded as coarsely."
    ),
    "suppress": N_(
        "Counts of 1 to below {below} became “<{below}”. So that no total gives them back, further cells became “*”."
    ),
    "suppress.second": N_(
        "Some cells of this column became “*”, because together with a total they would tell small counts beside them."
    ),
    "plain": N_("Cells that a spreadsheet would run as a formula begin with an apostrophe."),
    "plain.workbook": N_(
        "The new file is an XLSX that holds values alone: formulas are replaced by what they showed; links, comments, "
        "formats, pictures, macros and properties are gone."
    ),
    "plain.hidden_sheets": N_("Hidden sheets are gone."),
    "plain.hidden_rows": N_("Hidden rows are gone."),
    "plain.hidden_columns": N_("Hidden columns are gone."),
    # why no file was made: Refused.code
    "format": N_(
        "A file of this format ({type}) can't be rewritten here. Change it where it was made, then upload it again."
    ),
    "encrypted": N_("The file is protected by a password. Save it without one, then upload it again."),
    "unreadable": N_("The file is damaged or isn't written as its format demands, so that it can't be rewritten."),
    "no_such_remedy": N_("There is no remedy “{remedy}”."),
    "nothing_asked": N_("Choose at least one remedy."),
    "no_such_part": N_("There is no part “{part}” in this file that can be rewritten. Scan the file again."),
    "no_such_column": N_("There is no column “{column}” in this file. Scan the file again."),
    "nothing_fits": N_("“{column}” holds nothing that could be changed so. Choose another remedy."),
    "nothing_left": N_("Nothing would be left of this file. Withdraw it instead."),
    "too_large": N_(
        "A file of this format can be rewritten up to {most} MiB. Publish it as CSV, or change it where it was made."
    ),
    "too_many_cells": N_(
        "Small counts can be hidden in tables of up to {most} cells, because the whole table has to be looked at."
    ),
}
