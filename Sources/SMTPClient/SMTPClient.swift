// The room of SMTPClient; see ARCHITECTURE.md.
