// The room of Mirror; see ARCHITECTURE.md.
