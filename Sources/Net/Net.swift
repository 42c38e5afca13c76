// The room of Net; see ARCHITECTURE.md.
