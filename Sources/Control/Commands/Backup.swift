internal import Base
internal import Config
internal import Flow
internal import Store

/// `greenroom backup`: copies the store while it is in use.
enum BackupCommand {
    static let command = Command(
        "backup",
        summary: "copy everything that is stored",
        synopsis: ["backup DIR [--config DIR]"],
        description: """
            Copies database, bodies and the house's key, as they are at one moment, into a directory that holds no \
            backup yet, while the gateway goes on; without a running gateway under the store's lock. The copy is \
            complete when the command has ended with 0. It holds people's mail: keep it as safe as the original. \
            The configuration is not part of it.
            """,
        options: ConfigurationPlace.options,
        operands: 1...1,
        exits: ("The backup is complete.", "There is none; what is in the directory is of no use."),
        examples: ["greenroom backup /var/backups/greenroom/2026-11-22"],
        answer: { arguments, caller, desk, console in
            guard caller.isOperator else {
                throw CommandFailure("only root and the gateway's own user may back up")
            }
            let target = arguments.operands[0]
            guard target.hasPrefix("/") else { throw UsageError("the directory must begin with /") }
            // The key first: a copy without its mark of completeness is no backup.
            try desk.files.makeDirectory(target)
            let key = desk.house.rulebook.configuration.gateway.dataDirectory + HouseFiles.key
            if desk.files.exists(key), !desk.files.exists(target + HouseFiles.key) {
                try desk.files.writeDurably(desk.files.read(key), to: target + HouseFiles.key)
            }
            try await desk.house.store.backup(to: target)
            console.say("backup complete: \(target)")
            return .success
        }
    ) { arguments, workplace in
        var words = arguments.words
        // The gateway runs elsewhere: it is told the whole path.
        guard let place = words.firstIndex(of: arguments.operands[0]) else { return .usage }
        words[place] = workplace.absolute(arguments.operands[0])
        let absolute = try Arguments(words, ConfigurationPlace.options)
        return try await ControlClient.askOrDo("backup", absolute, workplace)
    }
}

/// Files beside the store that belong to it.
package enum HouseFiles {
    /// What the seal on header blocks is made with.
    package static let key = "/house.key"
}
