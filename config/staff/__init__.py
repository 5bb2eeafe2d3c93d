"""The frame of the staff's pages: the header bar and the settings hub."""
