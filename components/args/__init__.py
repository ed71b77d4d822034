"""What components are made from: plain data with defaults, free of Pulumi's resources and of stack files."""
