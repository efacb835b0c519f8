"""Evidence: the files and links by which people show that what they say is so."""
