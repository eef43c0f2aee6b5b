"""One look for figures, web page and PDF: colours, fonts, number formats."""
