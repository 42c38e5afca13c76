internal import Base
internal import Config
internal import Flow
internal import Net
internal import Reactor
internal import Store

/// The asking side of the control socket.
enum ControlClient {
    /// Has a running gateway do a command, whose words begin with its name.
    ///
    /// - Returns: How it ended; nil where no gateway listens.
    static func ask(_ words: [String], at path: String, _ workplace: Workplace) async throws -> ExitCode? {
        guard let address = SocketAddress("unix:" + path) else {
            throw CommandFailure("\(path) is too long for the name of a socket")
        }
        guard workplace.files.exists(path) else { return nil }
        let outcome = await workplace.loop.spawn { () async -> Result<ExitCode?, any Error> in
            do {
                return .success(try await exchange(words, address, workplace))
            } catch NetError.refused {
                return .success(nil)
            } catch {
                return .failure(CommandFailure("the control socket \(path): \(error)"))
            }
        }.value
        return try outcome.get()
    }

    /// The same, at the socket that the configuration names; files that a running gateway does not
    /// need for this may be broken.
    static func ask(_ words: [String], _ arguments: Arguments, _ workplace: Workplace) async throws -> ExitCode? {
        guard let path = ConfigurationPlace(arguments).controlSocket(from: workplace.secrets).path else { return nil }
        return try await ask(words, at: path, workplace)
    }

    private static func exchange(
        _ words: [String],
        _ address: SocketAddress,
        _ workplace: Workplace
    ) async throws -> ExitCode {
        let loop = workplace.loop
        let patience = loop.now.advanced(by: Limits.controlPatience)
        let connection = try await Connection.connect(to: address, on: loop, until: patience)
        return try await connection.use {
            try await connection.write(Array((ControlRequest.line(words) + "\n").utf8), until: patience)
            var rest: [UInt8] = []
            var total = 0
            while true {
                // A backup takes as long as it takes.
                let count = try await connection.read(into: &rest, until: .distantFuture)
                total += count
                guard count > 0, total <= Limits.controlReply else {
                    throw CommandFailure("the gateway broke off; nobody knows whether it was done")
                }
                while let end = rest.firstIndex(of: ASCII.lf) {
                    let line = ControlLine(String(decoding: rest[..<end], as: UTF8.self))
                    rest.removeSubrange(...end)
                    switch line {
                    case .out(let text): workplace.console.say(text)
                    case .err(let text): workplace.console.complain(text)
                    case .end(let code): return code
                    case nil: throw CommandFailure("the gateway speaks another language; is it of the same version?")
                    }
                }
            }
        }
    }

    /// Has the gateway do a command, or does it here where none runs, under the store's lock.
    static func askOrDo(
        _ name: String,
        _ arguments: Arguments,
        _ workplace: Workplace
    ) async throws -> ExitCode {
        let words = [name] + arguments.words
        if let code = try await ask(words, arguments, workplace) { return code }
        let configuration = try await workplace.configuration(arguments)
        let house = try await workplace.openHouse(configuration)
        let desk = ControlDesk(house: house, files: workplace.files, user: workplace.user)
        let code = await desk.answer(words, from: workplace.user, to: workplace.console)
        house.store.close()
        return code
    }
}
