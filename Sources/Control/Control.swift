// The room of Control; see ARCHITECTURE.md.
