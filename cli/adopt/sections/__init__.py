"""From Azure's words to the stack file's, section by section; what is said here is said outright, defaults too."""
