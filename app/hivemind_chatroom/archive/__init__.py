"""The room and its history as files: export, backup and restore."""
