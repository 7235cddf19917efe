"""The room itself: members, messages, what waits for the hub. Standard library only.

Its five words are `Member`, `Message`, `Reply`, `Room` and `Feed`.
"""
