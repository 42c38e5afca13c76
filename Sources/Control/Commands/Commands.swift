/// Every command but those that start the gateway, in the order of the help.
package enum Commands {
    package static let all = [
        Demo.command, Check.command, Reload.command, Password.command, Explain.command, PolicyCommand.command,
        ApprovalsCommand.command, QueueCommand.command, ShowCommand.command, CreatorsCommand.command,
        LedgerCommand.command, Status.command,
        SearchCommand.command, BackupCommand.command, RestoreCommand.command,
    ]
}
