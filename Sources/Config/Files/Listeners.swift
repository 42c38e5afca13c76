internal import Base

extension GatewayFile {
    /// `[tls]` at the root: what listeners use that name no certificate of their own.
    func readCertificate(_ reader: inout TableReader) -> CertificateFiles? {
        guard var table = reader.table("tls") else { return nil }
        return readCertificate(in: &table)
    }

    private func readCertificate(in table: inout TableReader) -> CertificateFiles? {
        defer { table.finish() }
        let certificate = table.required("certificate", .path(in: loader.directory))
        let key = table.required("key", .path(in: loader.directory))
        guard let certificate, let key else { return nil }
        loader.check(certificate, isPrivate: false, at: table.place(of: "certificate"), table.reporter)
        loader.check(key, isPrivate: true, at: table.place(of: "key"), table.reporter)
        return CertificateFiles(certificate: certificate, key: key)
    }

    /// `[[listeners]]`.
    func readListeners(
        _ reader: inout TableReader,
        tls: CertificateFiles?,
        hostName: String
    ) -> [ListenerSettings] {
        var listeners: [ListenerSettings] = []
        var places: [ListenerSettings.Place: Int] = [:]
        for var table in reader.tables("listeners") {
            guard let listener = readListener(&table, tls: tls, hostName: hostName) else { continue }
            let offset = table.place(of: "address")
            if let first = places[listener.place] {
                let place = table.reporter.place(first)
                table.report("\(listener.place) is already used at \(place); take another port", at: offset)
                continue
            }
            places[listener.place] = offset
            listeners.append(listener)
        }
        if !reader.has("listeners") {
            reader.report("there are no listeners; add [[listeners]] with service and address", at: reader.offset)
        }
        return listeners
    }

    private func readListener(
        _ table: inout TableReader,
        tls: CertificateFiles?,
        hostName: String
    ) -> ListenerSettings? {
        defer { table.finish() }
        let service = table.required("service", .choice) as ListenerSettings.Service?
        let place = table.required("address", .place(in: loader.directory))
        let name = table.optional("host_name", .hostName)
        var own: CertificateFiles?
        if var certificate = table.table("tls") { own = readCertificate(in: &certificate) }
        let allowsPlaintext = table.optional("allow_plaintext", .flag, default: false)
        let networks = table.list("networks", .network)
        let authservID = table.optional("authserv_id", .hostName)
        let connections = table.optional(
            "connections",
            .integer(in: 1...Limits.connectionsPerListener),
            default: Limits.connectionsPerListener
        )
        guard let service, let place else { return nil }
        let listener = ListenerSettings(
            service: service,
            place: place,
            hostName: name ?? hostName,
            tls: own ?? tls,
            allowsPlaintext: allowsPlaintext,
            networks: networks,
            authservID: authservID,
            connections: connections
        )
        check(listener, in: table)
        return listener
    }

    /// What one listener may not be.
    private func check(_ listener: ListenerSettings, in table: TableReader) {
        if listener.allowsPlaintext, !listener.place.isLocal {
            table.report(
                "passwords without TLS are allowed on loopback and Unix sockets only; remove \"allow_plaintext\"",
                at: "allow_plaintext"
            )
        }
        if listener.allowsPlaintext, listener.service == .lmtp || listener.service.isImplicitTLS {
            table.report(
                "\"allow_plaintext\" is for imap and submission; nobody logs in to \(listener.service.rawValue)"
                    + " without TLS",
                at: "allow_plaintext"
            )
        }
        let needsTLS = listener.service.isImplicitTLS || listener.service.hasLogin && !listener.allowsPlaintext
        if needsTLS, listener.tls == nil, !table.has("tls") {
            table.report(
                "\(listener.service.rawValue) needs a certificate; add [tls] with certificate and key",
                at: "service"
            )
        }
        guard listener.service == .lmtp else {
            if listener.authservID != nil {
                table.report("\"authserv_id\" is for lmtp; members' own mail carries no verdict", at: "authserv_id")
            }
            return
        }
        if case .network = listener.place, listener.networks.isEmpty {
            table.report(
                "an lmtp listener must name who may deliver; add networks = [\"127.0.0.1/32\"] or use \"unix:PATH\"",
                at: "address"
            )
        }
    }
}
