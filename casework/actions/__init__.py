"""What people and the system do: `perform` is the door, one handler an action behind it."""
