package import Base
package import Config
package import Flow
package import Reactor
package import Store

/// What commands work with: the terminal, the files, the clock and the way to the house.
package struct Workplace: Sendable {
    package private(set) var console: Console
    /// The loop on which the control socket is asked.
    package let loop: EventLoop
    package let workers: WorkerPool
    package let time: any TimeSource
    package let entropy: any Entropy
    package let files: any Files
    package let secrets: any SecretProvider
    package let storeEnvironment: StoreEnvironment
    /// The uid that this process runs as.
    package let user: UInt32
    /// Where relative paths begin.
    package let directory: String
    /// Opens the house where no gateway runs, taking the store's lock.
    package let openHouse: @Sendable (Configuration) async throws -> House

    package init(
        console: Console,
        loop: EventLoop,
        workers: WorkerPool,
        time: any TimeSource,
        entropy: any Entropy,
        files: any Files,
        secrets: any SecretProvider,
        storeEnvironment: StoreEnvironment,
        user: UInt32,
        directory: String,
        openHouse: @escaping @Sendable (Configuration) async throws -> House
    ) {
        self.console = console
        self.loop = loop
        self.workers = workers
        self.time = time
        self.entropy = entropy
        self.files = files
        self.secrets = secrets
        self.storeEnvironment = storeEnvironment
        self.user = user
        self.directory = directory
        self.openHouse = openHouse
    }

    /// The configuration that a command's options name.
    ///
    /// Throws every problem of it, one a line.
    package func configuration(
        _ arguments: Arguments,
        looksAtNamedFiles: Bool = true
    ) async throws(CommandFailure) -> Configuration {
        let (place, secrets) = (ConfigurationPlace(arguments), secrets)
        let reading = await workers.run { () -> ConfigurationReading in
            place.load(from: secrets, looksAtNamedFiles: looksAtNamedFiles)
        }
        if let configuration = reading.configuration { return configuration }
        let problems = reading.problems.map(\.description).joined(separator: "\n")
        throw CommandFailure("the configuration is not good\n" + problems)
    }

    /// The same place, where nothing is said.
    var silent: Self {
        var copy = self
        copy.console = Console(out: { _ in }, err: { _ in })
        return copy
    }

    /// The same place, with what is said going elsewhere.
    func speaking(to console: Console) -> Self {
        var copy = self
        copy.console = console
        return copy
    }

    /// A path as other processes understand it.
    func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }

    /// A file named on the command line.
    func read(_ path: String, limit: Int) throws(CommandFailure) -> [UInt8] {
        do {
            let status = try secrets.status(path)
            guard status.kind != .directory else { throw CommandFailure("\(path) is a directory") }
            guard status.size <= limit else { throw CommandFailure("\(path) is larger than \(limit) bytes") }
            return try secrets.read(path)
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw CommandFailure("\(path) cannot be read: \(error)")
        }
    }
}

/// Where the configuration is read from, and what of it the command line changes.
package struct ConfigurationPlace: Sendable, Hashable {
    package let directory: String
    /// In place of the data directory that the files name.
    package let dataDirectory: String?

    package init(directory: String, dataDirectory: String? = nil) {
        self.directory = directory
        self.dataDirectory = dataDirectory
    }

    /// As the options say.
    package init(_ arguments: Arguments) {
        self.init(directory: arguments["config"] ?? "config", dataDirectory: arguments["data"])
    }

    /// The options that name it; every command has them.
    static let options = [
        Option("config", "DIR", help: "The configuration directory. Without it: config."),
        Option(
            "data",
            "DIR",
            help: "Use this data directory, with the control socket in it, in place of the one that the "
                + "configuration names."
        ),
    ]

    /// `looksAtNamedFiles`: Whether certificates and keys have to be there; rules are tried without them.
    package func load(from source: any FileInspector, looksAtNamedFiles: Bool = true) -> ConfigurationReading {
        var reading = Configuration.load(
            directory: directory,
            from: source,
            looksAtNamedFiles: looksAtNamedFiles
        )
        if let dataDirectory { reading.configuration?.gateway.move(to: dataDirectory) }
        return reading
    }
}

extension GatewaySettings {
    /// Puts all that is stored below another directory.
    package mutating func move(to directory: String) {
        dataDirectory = directory
        controlSocket = directory + "/control/socket"
        if case .sink = smarthost { smarthost = .sink(directory: directory + "/sink") }
    }
}
