internal import Base

private enum LoginMethod: String, CaseIterable {
    case password
    case xoauth2
}

extension GatewayFile {
    /// `[smarthost]`.
    func readSmarthost(_ reader: inout TableReader, data: String?) -> Smarthost? {
        guard var table = reader.table("smarthost") else {
            reader.report("missing table \"smarthost\"; add sink = true, or host, user and secret", at: reader.offset)
            return nil
        }
        guard table.has("sink") else {
            var limits = SmarthostLimits()
            limits.connections = table.optional(
                "connections",
                .integer(in: 1...Limits.relayConnections),
                default: limits.connections
            )
            limits.messagesPerMinute = table.optional("messages_per_minute", .integer(in: 1...100_000))
            return readServer(&table, isLoginRequired: false, defaultPort: 465).map { .server($0, limits) }
        }
        defer { table.finish() }
        guard table.optional("sink", .onlyTrue) == true, let data else { return nil }
        return .sink(directory: Paths.resolve("sink", in: data))
    }

    /// A server with how to log in to it.
    func readServer(_ table: inout TableReader, isLoginRequired: Bool, defaultPort: UInt16) -> RemoteServer? {
        defer { table.finish() }
        let host = table.required("host", .host)
        let tls = table.optional("tls", .choice, default: RemoteServer.TLSMode.direct)
        let port = tls == .direct ? table.optional("port", .port, default: defaultPort) : table.required("port", .port)
        let caFile = table.optional("ca_file", .path(in: loader.directory))
        if let caFile { loader.check(caFile, isPrivate: false, at: table.place(of: "ca_file"), table.reporter) }
        let login = readLogin(&table, isRequired: isLoginRequired)
        guard let host, let port, let login else { return nil }
        if tls == .none, !Self.isLoopback(host) {
            table.report("a connection without TLS is allowed to loopback only; use \"tls\" or \"starttls\"", at: "tls")
        }
        return RemoteServer(host: host, port: port, tls: tls, authentication: login, caFile: caFile)
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || IPAddress(host)?.isLoopback == true
    }

    private func readLogin(_ table: inout TableReader, isRequired: Bool) -> RemoteServer.Authentication? {
        let method = table.optional("auth", .choice, default: LoginMethod.password)
        guard isRequired || table.has("user") || table.has("secret") || table.has("auth") else {
            table.know("user")
            table.know("secret")
            return RemoteServer.Authentication.none
        }
        let user = table.required("user", .line)
        let secret = readSecret(&table)
        guard let user, let secret else { return nil }
        return switch method {
        case .password: .password(user: user, secret)
        case .xoauth2: .xoauth2(user: user, secret)
        }
    }

    /// `secret = { env = … }`, `{ file = … }` or `{ command = […] }`; never the secret itself.
    private func readSecret(_ table: inout TableReader) -> SecretSource? {
        let ways = "{ env = \"NAME\" }, { file = \"PATH\" } or { command = [\"PROGRAM\"] }"
        guard let node = table.table["secret"]?.node else {
            table.know("secret")
            table.report("missing key \"secret\"; write secret = \(ways)", at: table.offset)
            return nil
        }
        guard case .table = node.value, var secret = table.table("secret") else {
            table.know("secret")
            table.report("a secret never stands in the files; write \(ways)", at: "secret")
            return nil
        }
        defer { secret.finish() }
        let sources = [
            secret.optional("env", .variable).map(SecretSource.environment),
            secret.optional("file", .path(in: loader.directory)).map(SecretSource.file),
            secret.command("command").map(SecretSource.command),
        ].compactMap { $0 }
        guard let source = sources.first, sources.count == 1 else {
            if secret.table.isEmpty || sources.count > 1 {
                table.report("a secret has one source; write \(ways)", at: "secret")
            }
            return nil
        }
        if case .file(let path) = source {
            loader.check(path, isPrivate: true, at: secret.place(of: "file"), secret.reporter)
        }
        return source
    }
}
