internal import Base
internal import Config
internal import Control
internal import Gateway
internal import Reactor

/// The executable: takes the words, builds the machine, makes one call.
@main
enum Greenroom {
    /// Runs before any other thread exists, so that all of them inherit which signals are blocked:
    /// an asynchronous main would be on one of several threads already.
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        let console = Console(
            out: { StandardStream.output.write($0 + "\n") },
            err: { StandardStream.error.write($0 + "\n") }
        )
        let code: ExitCode
        do {
            code = try run(words, console)
        } catch {
            console.complain("greenroom: \(error)")
            code = .failure
        }
        ProcessIdentity.end(code.rawValue)
    }

    private static func run(_ words: [String], _ console: Console) throws -> ExitCode {
        ProcessIdentity.keepFilesPrivate()
        let command = program { _, _, _ in .failure }.command(words)
        if command?.takesSignals == true { ProcessSignals.prepare() }
        let (log, file) = try log(command, words)
        let machine = try Machine.live(loops: 2, log: log)
        let workplace = Workplace(
            console: console,
            loop: machine.main,
            workers: machine.workers,
            time: machine.time,
            entropy: machine.entropy,
            files: machine.files,
            secrets: machine.secrets,
            storeEnvironment: machine.storeEnvironment(),
            user: ProcessIdentity.user,
            directory: ProcessIdentity.directory,
            openHouse: { try await Gateway.openHouse($0, on: machine) }
        )
        let program = program { configuration, place, console in
            try await Gateway.serve(configuration, place, console, on: machine, logFile: file)
        }
        return machine.main.runBlocking { await program.run(words, workplace) }
    }

    private static func program(_ serve: @escaping Serve.Start) -> Program {
        Program([Serve.command(serve)] + Commands.all)
    }

    /// The log that the configuration asks for; other commands log only what is wrong.
    ///
    /// Problems of the configuration are told when it is read as a whole.
    private static func log(_ command: Command?, _ words: [String]) throws -> (Log, LogFile?) {
        guard let command, command.name == Serve.name,
            let arguments = try? command.arguments(Array(words.dropFirst()))
        else { return (.standardError(threshold: .error), nil) }
        let directory = ConfigurationPlace(arguments).directory
        let settings = Configuration.loadGateway(directory: directory, from: SystemSecrets()).settings?.log
        guard let settings else { return (.standardError(), nil) }
        guard case .file(let path) = settings.destination else {
            return (.standardError(threshold: settings.level), nil)
        }
        let file = try LogFile(path)
        return (file.log(threshold: settings.level), file)
    }
}
