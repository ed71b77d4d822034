"""What a team needs to take this project up: its habits, workflows, pages, the one command."""
