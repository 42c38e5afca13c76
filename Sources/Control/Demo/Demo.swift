internal import Base
internal import Config
internal import Reactor

/// `greenroom demo`: plays the story of what Greenroom is for against a gateway of its own.
enum Demo {
    static let command = Command(
        "demo",
        summary: "play the story of the main job",
        synopsis: ["demo [--keep] [--config DIR] [--data DIR]"],
        description: """
            Starts a gateway on the configuration with a fresh data directory and plays the main job over real \
            sockets, by LMTP, IMAP and SMTP: mail comes in and is attached, an answer is held, approved and sent, \
            others are rejected and withdrawn, the gateway is killed and started again, and the ledger verifies. Each \
            step is printed as it happens. The story's members and creators are those of the sample configuration.

            With --keep the gateway goes on serving until Ctrl-C, and the settings for a mail client are printed.
            """,
        options: [
            Option("keep", help: "Go on serving when the story has come out."),
            ConfigurationPlace.options[0],
            Option("data", "DIR", help: "An empty data directory. Without it: a new one below the configured one."),
        ],
        exits: ("Every step came out.", "A step did not come out; it is named, and the log's place is printed."),
        examples: ["greenroom demo", "greenroom demo --keep"],
        takesSignals: true
    ) { arguments, workplace in
        try await play(arguments, workplace) ? .success : .failure
    }

    private static func play(_ arguments: Arguments, _ workplace: Workplace) async throws -> Bool {
        let place = ConfigurationPlace(directory: arguments["config"] ?? "config")
        guard var configuration = place.load(from: workplace.secrets).configuration else {
            _ = try await workplace.configuration(arguments)
            return false
        }
        let fresh =
            "\(configuration.gateway.dataDirectory)/demo-\(Hexadecimal.encode(workplace.entropy.bytes(count: 3)))"
        configuration.gateway.move(to: arguments["data"] ?? fresh)
        let workers = try WorkerPool(name: "demo", threads: 1, capacity: 4)
        let house = try DemoHouse(place, configuration, workplace, workers)
        let signals = try ProcessSignals(on: workplace.loop)
        defer { signals.close() }
        try await house.start()
        workplace.console.say("The gateway runs with fresh data in \(house.directory)\n")
        let story = DemoStory(house, say: workplace.console.say)
        let isWhole = await story.play()
        story.end()
        if isWhole, arguments.has("keep") {
            workplace.console.say(settings)
            while let signal = await signals.next(), signal == .hangUp {}
        }
        await house.stop()
        workplace.console.say(
            isWhole
                ? "\nEvery step came out." : "\nThe story did not come out; the log is \(house.directory)/gateway.log"
        )
        return isWhole
    }

    /// What to type into a mail client.
    private static let settings = """

        The gateway goes on serving until Ctrl-C. In Thunderbird, import certs/ca.pem as an authority
        (Settings, Privacy & Security, Certificates, View Certificates, Authorities), then set up:

          Your name       Mia Berg                   (or Ben Okafor, who approves)
          Email address   hello@glow.example
          Incoming IMAP   localhost, port 1993, SSL/TLS, normal password
          Outgoing SMTP   localhost, port 1465, SSL/TLS, normal password
          User name       mia                        (or ben)
          Password        m5r6-rypn-mxwz-d4yc-w292   (ben: zrgw-gcf2-kpx4-uabx-f9dq)
        """
}
