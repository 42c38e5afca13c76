// The room of IMAPClient; see ARCHITECTURE.md.
