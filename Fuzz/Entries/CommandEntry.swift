internal import Base
internal import IMAPWire

// What a client or a server sends, as the framer cuts it and the parsers read it.

extension FuzzEntry {
    /// Frames of any bytes, read as commands, as responses, and as what stands inside them.
    static let command = FuzzEntry("command") { bytes throws(FuzzFinding) in
        for frame in WireFeed(bytes, lineLimit: Limits.imapLine).outcome.frames {
            let outcome: Result<TaggedCommand, BadCommand>
            do throws(BadCommand) {
                outcome = .success(try CommandParser.parse(frame))
            } catch {
                outcome = .failure(error)
            }
            switch outcome {
            case .success(let command): try check(tag: command.tag)
            case .failure(let bad):
                try require(bad.error.offset <= frame.text.count, "a fault behind the end")
                if let tag = bad.tag { try check(tag: tag) }
            }
            _ = CommandParser.takesMessages(frame.text)
            _ = try? ResponseParser.parse(frame)
            _ = MessageURL(String(decoding: frame.text, as: UTF8.self))
        }
    }

    private static func check(tag: String) throws(FuzzFinding) {
        let isPlain = tag.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        try require(isPlain && !tag.isEmpty && tag.utf8.count <= Limits.imapTag, "tag \(tag)")
    }

    /// The pieces in which bytes arrive make no difference, and nothing grows over its limit.
    static let literals = FuzzEntry("literals") { bytes throws(FuzzFinding) in
        let limit = 200
        let whole = WireFeed(bytes, lineLimit: limit)
        let cut = Int(bytes.first ?? 0)
        for piece in [1, 2 + cut % 30, 1 + cut] {
            try require(
                WireFeed(bytes, lineLimit: limit, pieces: piece).outcome == whole.outcome,
                "pieces of \(piece) differ"
            )
        }
        for frame in whole.outcome.frames {
            let breaks = frame.literals.count * 2
            try require(frame.text.count <= limit + breaks, "a line of \(frame.text.count)")
            try require(frame.literals.allSatisfy { $0.count <= WireFeed.literal }, "a literal over its limit")
        }
        try require(whole.held <= limit + WireFeed.all, "\(whole.held) octets were held")
    }
}

/// Bytes as an owner of the framer takes them who allows small literals alone.
private struct WireFeed {
    static let literal = 64
    static let all = 256

    /// What does not depend on the pieces in which the bytes come.
    struct Outcome: Equatable {
        var frames: [Frame] = []
        var spoiled = 0
        var dropped = 0
        var isTooLong = false
    }

    var outcome = Outcome()
    /// The most that literals held at one time.
    var held = 0

    init(_ bytes: [UInt8], lineLimit: Int, pieces: Int = .max) {
        var framer = Framer(reader: .server, lineLimit: lineLimit)
        var rest = bytes[...]
        while !rest.isEmpty, !outcome.isTooLong {
            framer.append(Array(rest.prefix(pieces)))
            rest = rest.dropFirst(pieces)
            take(&framer)
        }
    }

    private mutating func take(_ framer: inout Framer) {
        while true {
            held = max(held, framer.literalOctets)
            switch framer.next() {
            case .incomplete: return
            case .frame(let frame): outcome.frames.append(frame)
            case .spoiled: outcome.spoiled += 1
            case .lineTooLong:
                outcome.isTooLong = true
                return
            case .literal(let announcement):
                let isSmall = announcement.size <= UInt64(Self.literal)
                if isSmall, framer.literalOctets + Int(announcement.size) <= Self.all {
                    framer.accept()
                } else if announcement.isSynchronizing {
                    outcome.dropped += 1
                    framer.drop()
                } else {
                    framer.skip()
                }
            }
        }
    }
}
