"""The form of a post: its fields and buttons, autosave, versions, previews, the trash."""
