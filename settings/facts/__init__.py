"""What is true whatever a stack file says: sizes, limits and regions of Azure, with source and date."""
