/// Every command but those that start the gateway, in the order of the help.
package enum Commands {
    package static let all = [
        Check.command, Reload.command, DemoCommand.command, Password.command, Explain.command, ApprovalsCommand.command,
        LedgerCommand.command, Status.command, BackupCommand.command, RestoreCommand.command,
    ]
}
