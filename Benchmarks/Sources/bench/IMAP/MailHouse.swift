/// The configuration for measuring IMAP: members with an account of their own each.
enum MailHouse {
    static func files(ports: [UInt16], tlsPorts: [UInt16], users: Int, _ certificate: Certificate) -> [String: String] {
        [
            "greenroom.toml": gateway(ports, tlsPorts, users, certificate),
            "team.toml": "[groups]\nmanagers = { name = \"Managers\" }\n\n"
                + (0..<users).map(member).joined(separator: "\n"),
            "policies/00-start.toml": policy,
            "creators.csv": "id,name,addresses\nanna,Anna Lind,anna@creators.example\n",
        ]
    }

    private static func gateway(
        _ ports: [UInt16],
        _ tlsPorts: [UInt16],
        _ users: Int,
        _ certificate: Certificate
    ) -> String {
        let listeners =
            ports.map { listener("imap", $0) + "allow_plaintext = true\n" } + tlsPorts.map { listener("imaps", $0) }
        let accounts = (0..<users).map { number in
            let user = MailServer.user(number)
            return """
                [accounts.\(user)]
                kind = "local"
                owner = "\(user)"
                addresses = ["\(user)@\(MailServer.domain)"]

                """
        }
        return """
            brand = "Glow"
            domains = ["\(MailServer.domain)"]
            command_domain = "greenroom.invalid"
            data = "../data"
            host_name = "localhost"

            [tls]
            certificate = "\(certificate.certificate)"
            key = "\(certificate.key)"

            \(listeners.joined(separator: "\n"))
            \(accounts.joined(separator: "\n"))
            [smarthost]
            sink = true

            [log]
            level = "warning"

            """
    }

    private static func listener(_ service: String, _ port: UInt16) -> String {
        "[[listeners]]\nservice = \"\(service)\"\naddress = \"127.0.0.1:\(port)\"\n"
    }

    private static func member(_ number: Int) -> String {
        let user = MailServer.user(number)
        let credential =
            "SCRAM-SHA-256$\(MailServer.iterations):\(MailServer.salt)$\(MailServer.storedKey):\(MailServer.serverKey)"
        return """
            [members.\(user)]
            name = "User \(number)"
            addresses = ["\(user)@\(MailServer.domain)"]
            accounts = ["\(user)"]
            groups = ["managers"]

            [[members.\(user).devices]]
            label = "Laptop"
            scopes = ["read", "send", "approve"]
            sample = true
            password = "\(credential)"

            """
    }

    private static let policy = """
        [default]
        approvals = { managers = 1 }

        [[permits]]
        name = "internal mail"
        when = { every_recipient = ["internal"] }

        """
}
