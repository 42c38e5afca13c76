package import Base
package import Reactor
package import SMTPServer
internal import SMTPWire

/// Where the embedded smarthost keeps what it is given, so that anybody can see what really left.
package struct SinkFolder: Sendable {
    private let files: any Files
    private let directory: String
    private let workers: WorkerPool
    private let entropy: any Entropy
    private let time: any TimeSource

    package init(
        directory: String,
        files: any Files,
        workers: WorkerPool,
        entropy: any Entropy,
        time: any TimeSource
    ) {
        self.directory = directory
        self.files = files
        self.workers = workers
        self.entropy = entropy
        self.time = time
    }

    /// The server's side of it.
    package var backend: SinkBackend {
        SinkBackend { message in await self.keep(message) }
    }

    private func keep(_ message: ReceivedMessage) async -> SMTPReply {
        let name = "\(time.now.milliseconds)-\(Hexadecimal.encode(entropy.bytes(count: 4)))"
        do {
            try await workers.run { () throws(FilesError) in
                try write(message, name: name)
            }
            return SMTPReply(250, EnhancedStatus(2, 0, 0), "Kept as \(name)")
        } catch {
            return SMTPReply(451, EnhancedStatus(4, 3, 0), "Could not be written: \(error)")
        }
    }

    /// The bytes as they came in one file; the envelope in a second one beside it, written last, so
    /// that a message with an envelope is whole.
    private func write(_ message: ReceivedMessage, name: String) throws(FilesError) {
        try files.makeDirectory(directory)
        try files.writeDurably(message.bytes, to: "\(directory)/\(name).eml")
        var lines = "MAIL FROM:<\(message.envelope.sender?.text ?? "")>\(message.envelope.parameters.text)\n"
        for recipient in message.envelope.recipients {
            lines += "RCPT TO:<\(recipient.address.text)>\(recipient.parameters.text)\n"
        }
        try files.writeDurably(Array(lines.utf8), to: "\(directory)/\(name).envelope")
    }
}
