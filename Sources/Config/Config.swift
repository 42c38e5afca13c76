// The room of Config; see ARCHITECTURE.md.
