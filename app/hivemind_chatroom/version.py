"""The version of the chatroom, in the one place the build and the program read it from."""

__version__ = "2.0.0.dev0"
