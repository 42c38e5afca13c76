// The room of Gateway; see ARCHITECTURE.md.
