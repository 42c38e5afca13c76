package import Base
internal import IMAPWire

/// Where answers go; suspends while the peer does not read (INV-9).
package protocol ResponseSink {
    /// Throws `IMAPFailure.connectionGone` when nobody is left to be answered.
    func send(_ bytes: [UInt8]) async throws(IMAPFailure)

    /// Whether the peer is still there, as far as that is known without writing to it.
    var isHeard: Bool { get }

    /// The time on the connection's loop.
    var now: Instant { get }
}

extension ResponseSink {
    package var isHeard: Bool { true }
}

/// Gathers the lines of answers and sends them in slices.
package final class Responder {
    /// What is gathered before it is sent.
    static let slice = 32 * 1024

    var writer = WireWriter()
    private let sink: any ResponseSink

    package init(sink: any ResponseSink) { self.sink = sink }

    func response(_ response: Response) { writer.response(response) }

    /// Writes many lines at once.
    func compose(_ write: (inout WireWriter) -> Void) { write(&writer) }

    var now: Instant { sink.now }

    /// Throws where nobody is left to be answered: asked between the slices of long work.
    func check() throws(IMAPFailure) {
        guard sink.isHeard else { throw .connectionGone }
    }

    /// Sends what was gathered, if it is a slice or more.
    ///
    /// Called between lines, and between the pieces of a large literal.
    func drain() async throws(IMAPFailure) {
        guard writer.bytes.count >= Self.slice else { return }
        try await flush()
        // A peer that reads as fast as it is answered would keep the loop to itself (INV-9).
        await Task.yield()
    }

    /// Sends lines that stand ready, in slices.
    func send(_ lines: [UInt8]) async throws(IMAPFailure) {
        var rest = lines[...]
        while !rest.isEmpty {
            writer.write(rest.prefix(Self.slice))
            rest = rest.dropFirst(Self.slice)
            try await drain()
        }
    }

    package func flush() async throws(IMAPFailure) {
        guard !writer.isEmpty else { return }
        try await sink.send(writer.takeBytes())
    }
}
