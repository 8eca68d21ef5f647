"""What a manager sees and does: people, one person, invites, assignments."""
