"""The sentences of what readers saw beside the cells: what, why it matters, how to mend it."""

from __future__ import annotations

from collections.abc import Mapping

from .marking import N_

WORDS: Mapping[str, str] = {
    # the file is something else than it says
    "type_mismatch.extension": N_(
        "The file's name ends in “{extension}”, but its content is of the type “{content}”. Programs may fail to open"
        " it or read it wrongly. Save it in the format that its name says, or rename it."
    ),
    # hidden
    "hidden.sheet": N_(
        "This sheet is hidden, but whoever downloads the file can read it. Delete it if it isn't meant to be published,"
        " or show it."
    ),
    "hidden.rows": N_(
        "{count} rows are hidden, but whoever downloads the file can read them. Delete them or show them."
    ),
    "hidden.columns": N_(
        "{count} columns are hidden, but whoever downloads the file can read them. Delete them or show them."
    ),
    "hidden.comments": N_(
        "There are comments or notes here ({count}). They often hold names, telephone numbers and internal remarks."
        " Delete them before publishing."
    ),
    "hidden.text": N_(
        "{count} stretches of text are formatted as hidden: nobody sees them on the page, everybody can read them in"
        " the file. Delete them or show them."
    ),
    "hidden.deleted_text": N_(
        "{count} stretches of deleted text are still in the file, because changes were tracked. Accept all changes,"
        " then save the file anew."
    ),
    "hidden.deleted_records": N_(
        "{count} records are marked as deleted but are still in the file. Pack the table, or export it anew."
    ),
    "hidden.slides": N_(
        "{count} slides are hidden, but whoever downloads the file can read them. Delete them or show them."
    ),
    "hidden.pivot_cache": N_(
        "A pivot table keeps a copy of the data it was made from, row by row, even where the sheet shows only totals."
        " Paste the totals as values and delete the pivot table."
    ),
    "hidden.macro": N_(
        "The file holds macros: programs that may run on the reader's computer. Save it in a format without macros."
    ),
    "hidden.script": N_(
        "The document holds scripts that may run when it is opened. Print it into a new PDF file, which has none."
    ),
    # links, formulas
    "link.external_workbook": N_(
        "The file takes values from {count} other files, and keeps copies of them together with the paths of your"
        " computers. Break the links and keep the values."
    ),
    "link.hyperlink_scheme": N_(
        "{count} links start a program or lead to a file on your own computers or network, not to a web page. Remove"
        " them."
    ),
    "link.outside": N_(
        "The file loads {count} things from elsewhere when it is opened, which tells that place who reads it. Put them"
        " into the file or remove them."
    ),
    "link.connection": N_(
        "The file holds connections to a database or a service, possibly with their passwords. Remove the connections"
        " and keep the values."
    ),
    "formula.ordinary": N_(
        "{count} cells are calculated by formulas. Their results may change in another program, and a formula may tell"
        " how figures were made. Replace them by their values if that isn't meant to be published."
    ),
    "link.ordinary": N_(
        "{count} cells lead to pages on the web. See that each of them is still there and meant to be public."
    ),
    "formula.function": N_(
        "{count} formulas reach out of the file or start something (such as HYPERLINK, WEBSERVICE or DDE). Whoever"
        " opens the file may be attacked by them. Replace them by their values."
    ),
    # who made it
    "author.property": N_(
        "The properties of the file name persons or their employer in {count} places. Remove the personal properties"
        " before publishing."
    ),
    "author.reviewer": N_(
        "The comments and tracked changes name {count} persons. Accept the changes and delete the comments before"
        " publishing."
    ),
    "author.exif": N_(
        "The picture names its author or owner in {count} places of its properties. Remove the properties before"
        " publishing."
    ),
    "picture_place.gps": N_(
        "The picture tells where it was taken. That may be somebody's home. Remove the place from its properties,"
        " or save the picture without them."
    ),
    # the form
    "malformed.empty": N_("The file is empty: it has no byte. Export it anew."),
    "malformed.encoding": N_(
        "{count} lines are in another encoding than the rest of the file, or damaged. Save the whole file as UTF-8."
    ),
    "malformed.quotes": N_(
        "The quotation marks of {count} lines don't pair up, so their values may stand in other columns than meant."
        " Export the file anew with a program that writes CSV."
    ),
    "malformed.uneven_rows": N_(
        "{count} rows have more or fewer cells than the others. Check that no cell holds the delimiter without quotes."
    ),
    "malformed.long_number_as_number": N_(
        "{count} cells hold numbers of more than 15 digits as numbers. A spreadsheet keeps only 15 digits, so the last"
        " ones are already wrong. Format the column as text and enter the values anew."
    ),
    "malformed.not_parsed": N_(
        "The file is no well-formed {type}, so it was read as plain text, without columns. Export it anew."
    ),
    "malformed.names_twice": N_(
        "{count} names stand more than once in the archive. Most programs unpack only one of the files of a name."
        " Rename them and pack anew."
    ),
    # could not be read
    "unreadable.damaged": N_(
        "This is damaged or cut off, and could not be read to its end, so nobody can say what it holds. Export it anew."
    ),
    "unreadable.encrypted": N_(
        "This is protected by a password, so nobody can say what it holds. Save it without a password."
    ),
    "unreadable.unknown_type": N_(
        "This is of a type that can't be read here ({type}), so nobody can say what it holds. Publish the data in an"
        " open format such as CSV, or leave this file out."
    ),
    "unreadable.no_type": N_(
        "It can't be told of what type this is, so nobody can say what it holds. Publish the data in an open format"
        " such as CSV, or leave this file out."
    ),
    "unreadable.unknown_archive": N_(
        "This is an archive of a type that can't be opened here ({type}), so nobody can say what it holds. Pack it as"
        " ZIP."
    ),
    "unreadable.unknown_method": N_(
        "This member of the archive is packed by a method that can't be undone here. Pack it anew as an ordinary ZIP."
    ),
    "unreadable.legacy_office": N_(
        "This is an old Office format, of which only stretches of text could be read. Save it as DOCX, PPTX or XLSX."
    ),
    "unreadable.data_model": N_(
        "The workbook holds a data model (Power Pivot) that can't be read here. Remove the model, or publish its tables"
        " as sheets."
    ),
    "unreadable.scanned_pages": N_(
        "{count} pages are pictures without text (pages {pages}), so nobody can say what stands on them. Recognise the"
        " text and save it with the pages, or publish the data as a table."
    ),
    "unreadable.part": N_(
        "A part of the file ({part}) is damaged and could not be read. Open the file in your Office program and save it"
        " anew."
    ),
    "unreadable.entities": N_(
        "The XML declares entities of its own, which can blow it up or draw in other files. It was not read. Remove the"
        " declarations (<!ENTITY …>)."
    ),
    "unreadable.not_a_file": N_("This member of the archive is a link or a device, not a file. Pack the file itself."),
    "unreadable.too_large": N_(
        "This needs more memory than a scan may use, and was not read to its end. Divide it into smaller files."
    ),
    "unreadable.too_deep": N_("The levels of this file are nested too deeply to be read. Make it flatter."),
    "unreadable.limit_depth": N_(
        "Archives are packed into archives more than {limit} levels deep; what is further inside was not read. Pack the"
        " files in one archive."
    ),
    "unreadable.limit_members": N_(
        "The archive holds more than {limit} files; {count} of them were not read. Divide it."
    ),
    "unreadable.limit_ratio": N_(
        "This member unpacks to more than {limit} times its packed size, as files do that are made to exhaust a"
        " computer. It was not read to its end. Publish it unpacked."
    ),
    "unreadable.limit_unpacked": N_(
        "The archive unpacks to more than {limit} MiB; the rest ({count} files) was not read. Divide it."
    ),
    "unreadable.limit_whole": N_(
        "A file or part of this format can only be read whole, and this one is larger than {limit} MiB. Divide it."
    ),
    "unreadable.limit_cells": N_(
        "The table stretches over more than {limit} cells, and was not read to its end. Divide it, and delete stray"
        " cells far away from the table."
    ),
    "unreadable.limit_text": N_(
        "There is more running text here than a scan reads; the last {count} lines or pages were left out. Divide the"
        " file."
    ),
    "unreadable.limit_tables": N_(
        "The file holds more tables than a scan reads; {count} were left out. Divide the file."
    ),
}
"""Rule to sentence. What stands in braces is ``Notice.count`` or one of ``Notice.facts``."""
