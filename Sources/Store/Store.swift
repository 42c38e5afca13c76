// The room of Store; see ARCHITECTURE.md.
