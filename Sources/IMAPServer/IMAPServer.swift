// The room of IMAPServer; see ARCHITECTURE.md.
