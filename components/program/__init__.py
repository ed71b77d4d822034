"""What the program of this repository adds to the components: the stack file's words, the order, what it tells at preview."""
