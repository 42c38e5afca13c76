/// The configuration for measuring submissions.
enum SubmissionHouse {
    static let login = (user: "mia", password: MailServer.password)

    /// `sinkPort`: A smarthost on loopback; where there is none, mail goes to the gateway's own sink.
    static func files(port: UInt16, creators: Int, sinkPort: UInt16? = nil) -> [String: String] {
        [
            "greenroom.toml": gateway(port, sinkPort), "team.toml": team, "policies/00-start.toml": policy,
            "campaigns/spring.toml": campaign(creators), "creators.csv": roster(creators),
        ]
    }

    private static func gateway(_ port: UInt16, _ sinkPort: UInt16?) -> String {
        // Postfix sends over up to 20 connections to one server.
        let smarthost =
            sinkPort.map { "host = \"127.0.0.1\"\nport = \($0)\ntls = \"none\"\nconnections = 10" } ?? "sink = true"
        return """
            brand = "Glow"
            domains = ["glow.example"]
            command_domain = "greenroom.invalid"
            data = "../data"
            host_name = "localhost"

            [[listeners]]
            service = "submission"
            address = "127.0.0.1:\(port)"
            allow_plaintext = true

            [accounts.team]
            kind = "local"
            shared = true
            addresses = ["hello@glow.example"]

            [smarthost]
            \(smarthost)

            [log]
            level = "warning"
            """
    }

    private static let credential =
        "SCRAM-SHA-256$\(MailServer.iterations):\(MailServer.salt)$\(MailServer.storedKey):\(MailServer.serverKey)"

    private static let team = """
        [groups]
        managers = { name = "Managers" }

        [members.mia]
        name = "Mia Berg"
        addresses = ["mia@glow.example"]
        accounts = ["team"]
        campaigns = ["*"]
        follows = ["spring"]

        [[members.mia.devices]]
        label = "Laptop"
        scopes = ["read", "send"]
        sample = true
        password = "\(credential)"

        [members.ben]
        name = "Ben Okafor"
        addresses = ["ben@glow.example"]
        groups = ["managers"]
        accounts = ["team"]
        campaigns = ["*"]
        follows = ["spring"]

        [[members.ben.devices]]
        label = "Laptop"
        scopes = ["read", "send", "approve"]
        sample = true
        password = "\(credential)"
        """

    private static let policy = """
        [default]
        approvals = { managers = 1 }

        [[permits]]
        name = "internal mail"
        when = { every_recipient = ["internal"] }

        [[restrictions]]
        name = "rate above the ceiling"
        when = { any_recipient = ["creator", "agency"], amount_above_ceiling = true }
        hold = { managers = 1 }

        [[restrictions]]
        name = "a colleague just wrote"
        when = { any_recipient = ["creator", "agency"], colleague_wrote_within = "4h" }
        hold = { managers = 1 }
        """

    private static func campaign(_ creators: Int) -> String {
        let members = (0..<creators).map { "creator\($0) = { stage = \"contacted\" }" }.joined(separator: "\n")
        return """
            name = "Spring Serum Launch"
            brand = "Glow"
            status = "active"
            ceiling = "1500 EUR"
            guarded_by = "managers"
            assignee = "mia"
            followers = ["mia", "ben"]

            [creators]
            \(members)
            """
    }

    private static func roster(_ creators: Int) -> String {
        "id,name,addresses\n"
            + (0..<creators).map { "creator\($0),Creator Number \($0),creator\($0)@creators.example\n" }.joined()
    }
}
