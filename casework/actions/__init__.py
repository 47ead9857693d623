"""What people and the system do: `perform` is the door; behind it, one handler carries out each action."""
