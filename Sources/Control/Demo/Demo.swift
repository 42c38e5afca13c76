package import Base
package import Reactor

/// The story of what Greenroom is for, played over real sockets against a gateway of its own.
package enum Demo {
    /// Plays the story on a copy of a configuration with fresh data; called on `loop`.
    ///
    /// With `keeping` the gateway goes on serving until `untilEnd` returns. Gives whether every step
    /// came out.
    package static func run(
        configDirectory: String,
        inspector: some FileInspector,
        files: any Files,
        workers: WorkerPool,
        loop: EventLoop,
        directory: String,
        keeping: Bool,
        say: @escaping @Sendable (String) -> Void,
        untilEnd: @escaping @Sendable () async -> Void
    ) async -> Bool {
        let house: DemoHouse
        do {
            house = try DemoHouse(
                configDirectory: configDirectory,
                directory: directory,
                inspector: inspector,
                files: files,
                workers: workers,
                loop: loop
            )
            try await house.start()
        } catch {
            say("The gateway could not be started: \(error)")
            return false
        }
        say("The gateway runs on a fresh copy of the configuration in \(directory)\n")
        let story = DemoStory(house, say: say)
        let isWhole = await story.play()
        story.end()
        if keeping, isWhole {
            say(settings)
            await untilEnd()
        }
        await house.stop()
        say(isWhole ? "\nEvery step came out." : "\nThe story did not come out; the log is \(directory)/gateway.log")
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
