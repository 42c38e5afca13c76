import Base
import SMTPWire

/// What a reader of DATA made of some bytes.
struct DataOutcome: Equatable, CustomStringConvertible {
    /// The message as text, or `nil` where the end did not come.
    var message: String?
    var fault: DataReader.Fault?
    /// What came behind the end.
    var rest: String
    var isFinished: Bool

    var description: String {
        "\(isFinished ? "ended" : "open") \(fault.map { "\($0)" } ?? message?.debugDescription ?? "-") rest \(rest.debugDescription)"
    }

    /// Reads bytes that come in these pieces.
    init(_ pieces: [[UInt8]], limit: Int = 100_000, lineLimit: Int = 10_000) {
        var reader = DataReader(limit: limit, lineLimit: lineLimit)
        var behind: [UInt8] = []
        for piece in pieces {
            let count = reader.isFinished ? 0 : reader.receive(piece.span)
            behind += piece[count...]
        }
        rest = String(decoding: behind, as: UTF8.self)
        isFinished = reader.isFinished
        if isFinished {
            do {
                message = String(decoding: try reader.finish(), as: UTF8.self)
            } catch {
                fault = error
            }
        }
    }

    init(message: String?, fault: DataReader.Fault? = nil, rest: String = "", isFinished: Bool = true) {
        self.message = message
        self.fault = fault
        self.rest = rest
        self.isFinished = isFinished
    }
}

extension [UInt8] {
    /// The bytes in two pieces, cut at every place.
    var splits: [[[UInt8]]] {
        (0...count).map { [Array(self[..<$0]), Array(self[$0...])] }
    }

    /// The bytes one by one.
    var single: [[UInt8]] { map { [$0] } }
}
