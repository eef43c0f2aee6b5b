"""What an archive did not collect, and what joins: found in the mentions themselves."""
