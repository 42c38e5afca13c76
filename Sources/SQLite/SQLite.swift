// The room of SQLite; see ARCHITECTURE.md.
