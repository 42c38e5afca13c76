internal import Base
internal import Reactor

/// `greenroom demo`: plays the story of what Greenroom is for.
enum DemoCommand {
    static let command = Command(
        "demo",
        summary: "play the story of what Greenroom does, over real sockets",
        synopsis: ["demo [--keep] [--config DIR]"],
        description: """
            Starts a gateway of its own on a copy of the configuration with a fresh data directory, plays the story \
            (mail arrives, is read, answered, held, approved, rejected, withdrawn; the gateway is killed and started \
            again), and prints each step as it happens. It needs the names, passwords and ports of the sample \
            configuration, and the certificates that make certs makes beside it.
            """,
        options: [
            ConfigurationPlace.options[0],
            Option("keep", help: "Go on serving until Ctrl-C, with the settings to type into a mail client."),
        ],
        exits: ("Every step came out.", "One did not; it is named, and the gateway's log is kept."),
        examples: ["greenroom demo", "greenroom demo --keep"],
        takesSignals: true
    ) { arguments, workplace in
        let signals = try ProcessSignals(on: workplace.loop)
        defer { signals.close() }
        let name = Hexadecimal.encode(workplace.entropy.bytes(count: 8))
        let isWhole = await Demo.run(
            configDirectory: ConfigurationPlace(arguments).directory,
            inspector: workplace.secrets,
            files: workplace.files,
            workers: workplace.workers,
            loop: workplace.loop,
            directory: "\(workplace.temporaryDirectory)/greenroom-demo-\(name)",
            keeping: arguments.has("keep"),
            say: workplace.console.say,
            untilEnd: { _ = await signals.next() }
        )
        return isWhole ? .success : .failure
    }
}
