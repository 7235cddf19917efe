"""The room's memory: what implements `MessageLog` and `Outbox`."""
