"""A chatroom for a household: a web room on the LAN that is one satellite of a HiveMind hub."""
