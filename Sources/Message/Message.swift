// The room of Message; see ARCHITECTURE.md.
