"""Stack files by the thousand: none may do more than be read or be refused."""
