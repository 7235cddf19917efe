"""What the built-in assistant can do: each file one ability, none of them knows a bus."""
