// The room of SMTPServer; see ARCHITECTURE.md.
