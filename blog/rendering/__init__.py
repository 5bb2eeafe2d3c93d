"""What is made of an author's text for readers: coloured code, scrolling tables, footnotes."""
