"""Sets papers: a template of typst and data as JSON become a PDF for a printer, or pictures to be looked at."""
