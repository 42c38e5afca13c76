// The room of Outbound; see ARCHITECTURE.md.
