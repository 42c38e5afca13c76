internal import Base
package import Config

/// `greenroom serve`: runs the gateway.
package enum Serve {
    /// Starts the gateway, serves until it is told to stop, and says how it ended.
    package typealias Start = @Sendable (Configuration, ConfigurationPlace, Console) async throws -> ExitCode

    package static let name = "serve"

    package static func command(_ start: @escaping Start) -> Command {
        Command(
            name,
            summary: "run the gateway",
            synopsis: ["serve [--config DIR] [--data DIR]"],
            description: """
                Reads the configuration, opens the store, and serves in the foreground. Where it listens is printed; \
                the log goes where the configuration says. If the configuration has problems, all of them are \
                printed, and nothing is started.

                SIGTERM and SIGINT: accept nothing more, let sessions finish for the drain time, close the store, and \
                end. SIGHUP: read configuration and certificates again; what came of it stands in the log and in \
                greenroom status. If the store cannot make a change durable, the process ends with 1 at once: what \
                is durable is known after a restart.
                """,
            options: ConfigurationPlace.options,
            exits: (
                "It was told to stop, and did.",
                "The configuration is not good, something could not be opened, or the store stopped."
            ),
            examples: ["greenroom serve --config /etc/greenroom"],
            takesSignals: true
        ) { arguments, workplace in
            let configuration = try await workplace.configuration(arguments)
            return try await start(configuration, ConfigurationPlace(arguments), workplace.console)
        }
    }
}
