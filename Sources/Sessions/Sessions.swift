// The room of Sessions; see ARCHITECTURE.md.
