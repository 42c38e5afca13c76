// The room of Letters; see ARCHITECTURE.md.
