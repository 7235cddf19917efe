"""What the operator can see of the room's health: logs, and later reports and figures."""
