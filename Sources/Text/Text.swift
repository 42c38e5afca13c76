// The room of Text; see ARCHITECTURE.md.
