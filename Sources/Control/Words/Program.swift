internal import Base
internal import Config

/// The program `greenroom`: its commands, and the choice among them.
package struct Program: Sendable {
    /// The version that `--version` and `greenroom status` tell.
    package static let version = "0.1.0"

    package let commands: [Command]

    package init(_ commands: [Command]) { self.commands = commands }

    /// The command that the words name.
    package func command(_ words: [String]) -> Command? {
        words.first.flatMap { name in commands.first { $0.name == name } }
    }

    /// Does what the words behind the program's name say.
    package func run(_ words: [String], _ workplace: Workplace) async -> ExitCode {
        let console = workplace.console
        switch words.first {
        case nil:
            console.complain(help)
            return .usage
        case "--help", "-h", "help":
            if words.count > 1, let command = command(Array(words.dropFirst())) {
                console.say(command.help)
            } else {
                console.say(help)
            }
            return .success
        case "--version":
            console.say("greenroom \(Self.version)")
            return .success
        default:
            break
        }
        guard let command = command(words) else {
            let word = words.first ?? ""
            let near = Suggestion.text(for: word, among: commands.map(\.name) + ["--help", "--version"])
            return refuse("unknown \(word.hasPrefix("-") ? "option" : "command") \"\(word)\"\(near)")
        }
        let rest = Array(words.dropFirst())
        if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
            console.say(command.help)
            return .success
        }
        return await Self.telling(console, command.name) {
            try await command.run(command.arguments(rest), workplace)
        }

        func refuse(_ why: String) -> ExitCode {
            console.complain("greenroom: \(why)")
            console.complain("Try: greenroom --help")
            return .usage
        }
    }

    /// Runs a command and turns its errors into words and an exit code.
    static func telling(
        _ console: Console,
        _ name: String,
        _ body: () async throws -> ExitCode
    ) async -> ExitCode {
        do {
            return try await body()
        } catch let error as UsageError {
            console.complain("greenroom \(name): \(error)")
            console.complain("Try: greenroom \(name) --help")
            return .usage
        } catch {
            console.complain("greenroom \(name): \(error)")
            return .failure
        }
    }

    /// The text of `greenroom --help`.
    package var help: String {
        let width = commands.map(\.name.count).max() ?? 0
        var lines = [
            "greenroom - a mail gateway for teams that work with creators",
            "",
            "Usage",
            "    greenroom COMMAND [OPTION]... [OPERAND]...",
            "    greenroom COMMAND --help",
            "    greenroom --version",
            "",
            "Commands",
        ]
        lines += commands.map { command in
            "    \(command.name)\(String(repeating: " ", count: width - command.name.count + 2))\(command.summary)"
        }
        lines += [
            "",
            "Every command takes --config DIR, the configuration directory; without it, config.",
            "",
            "Exit codes",
            "    0  done",
            "    1  it could not be done, or what was checked is not good",
            "    2  the words are no command",
        ]
        return lines.joined(separator: "\n")
    }
}
