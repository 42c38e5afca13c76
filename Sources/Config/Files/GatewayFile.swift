internal import Base
internal import Campaigns
internal import Policy

/// `greenroom.toml`, of whose parts every one has a file beside this one.
struct GatewayFile<Source: FileInspector> {
    let loader: FileLoader<Source>

    static var name: String { "greenroom.toml" }

    func read() -> GatewaySettings? {
        guard var reader = loader.table(Self.name, defining: [.account]) else { return nil }
        defer { reader.finish() }
        let brand = reader.required("brand", .line)
        let domains = reader.requiredList("domains", .domain)
        let commandDomain = reader.optional("command_domain", .domain) ?? DomainName("greenroom.invalid")
        if domains.contains(commandDomain) {
            reader.report("\"command_domain\" must not be one of the brand's own domains", at: "command_domain")
        }
        let data = reader.required("data", .path(in: loader.directory))
        let hostName = reader.optional("host_name", .hostName)
        let control = reader.optional("control", .socketPath(in: loader.directory))
        let undoTime = reader.optional(
            "undo_time",
            .duration(in: .seconds(0) ... .seconds(3600)),
            default: .seconds(30)
        )
        let approvals = readApprovals(&reader)
        let tls = readCertificate(&reader)
        let listeners = readListeners(&reader, tls: tls, hostName: hostName ?? "localhost")
        let accounts = readAccounts(&reader)
        let smarthost = readSmarthost(&reader, data: data)
        let folders = readFolders(&reader)
        let limits = readLimits(&reader)
        let log = readLog(&reader)
        let calendar = CalendarTable(loader: loader).read(&reader, over: WorkCalendar()) ?? WorkCalendar()
        guard let brand, let data, let smarthost else { return nil }
        return GatewaySettings(
            brand: brand,
            domains: domains,
            commandDomain: commandDomain,
            dataDirectory: data,
            controlSocket: control ?? Paths.resolve("control/socket", in: data),
            listeners: listeners,
            accounts: accounts,
            smarthost: smarthost,
            folders: folders,
            undoTime: undoTime,
            approvals: approvals,
            calendar: calendar,
            limits: limits,
            log: log
        )
    }

    private func readLimits(_ reader: inout TableReader) -> ServiceLimits {
        var limits = ServiceLimits()
        guard var table = reader.table("limits") else { return limits }
        defer { table.finish() }
        let minute = Duration.seconds(60)
        limits.message = table.optional("message", .size(in: 64 * 1024...Limits.message), default: limits.message)
        limits.recipients = table.optional(
            "recipients",
            .integer(in: 1...Limits.recipients),
            default: limits.recipients
        )
        limits.connectionsPerAddress = table.optional(
            "connections_per_address",
            .integer(in: 1...Limits.connectionsPerListener),
            default: limits.connectionsPerAddress
        )
        limits.imapIdle = table.optional(
            "imap_idle",
            .duration(in: minute * 30...minute * 24 * 60),
            default: limits.imapIdle
        )
        limits.smtpIdle = table.optional(
            "smtp_idle",
            .duration(in: minute * 5...minute * 60),
            default: limits.smtpIdle
        )
        limits.drain = table.optional(
            "drain",
            .duration(in: .seconds(1)...minute * 10),
            default: limits.drain
        )
        return limits
    }

    private func readLog(_ reader: inout TableReader) -> LogSettings {
        var log = LogSettings()
        guard var table = reader.table("log") else { return log }
        defer { table.finish() }
        if let level = table.optional("level", .choice) as LogLevel? { log.level = level.level }
        if let path = table.optional("file", .path(in: loader.directory)) { log.destination = .file(path: path) }
        return log
    }

    private func readFolders(_ reader: inout TableReader) -> FolderSettings {
        var folders = FolderSettings()
        guard var table = reader.table("folders") else { return folders }
        defer { table.finish() }
        let languages = table.locatedList("languages", .language)
        for language in languages where !ApprovalVerbs.knows(language.value) {
            let known = ApprovalVerbs.languages.joined(separator: ", ")
            table.report(
                "there are no verbs of \"\(language.value)\"; there are those of \(known)",
                at: language.offset
            )
        }
        if !languages.isEmpty { folders.languages = languages.map(\.value) }
        folders.shared = table.optional("shared", .folderName, default: folders.shared)
        FolderKey.read(&table, into: &folders.names)
        return folders
    }
}

private enum LogLevel: String, CaseIterable {
    case debug
    case info
    case warning
    case error

    var level: Log.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
