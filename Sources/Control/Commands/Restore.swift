internal import Base
internal import Config
internal import Search
internal import Store

/// `greenroom restore`: makes a store of a backup.
enum RestoreCommand {
    static let command = Command(
        "restore",
        summary: "make a store of a backup",
        synopsis: ["restore DIR [--config DIR]"],
        description: """
            Makes the data directory of a backup, as a new generation: mail clients load their folders again, and \
            every outbound message that was not finished comes back held, as one that may have left already. The data \
            directory must hold no store, and no gateway may run on it; move the old directory away first.
            """,
        options: ConfigurationPlace.options,
        operands: 1...1,
        exits: ("The store is complete; start the gateway.", "Nothing can be started on it; the reason is printed."),
        examples: ["greenroom restore /var/backups/greenroom/2026-11-22"]
    ) { arguments, workplace in
        let settings = try await workplace.configuration(arguments).gateway
        let (source, target) = (arguments.operands[0], settings.dataDirectory)
        guard try await ControlClient.ask(["status"], at: settings.controlSocket, workplace.silent) == nil else {
            throw CommandFailure("a gateway runs on \(target); stop it first")
        }
        // What an index of the lost store says of a number may not be true of the new one.
        try SearchIndex.remove(from: target, files: workplace.files)
        // The store's lock refuses a gateway that does not answer.
        try Store.restore(from: source, to: target, in: workplace.storeEnvironment)
        let files = workplace.files
        if files.exists(source + HouseFiles.key), !files.exists(target + HouseFiles.key) {
            try files.writeDurably(files.read(source + HouseFiles.key), to: target + HouseFiles.key)
        }
        workplace.console.say("restored \(source) to \(target) as a new generation")
        return .success
    }
}
