internal import Base

/// A place in a text as editors show it, both from 1.
package struct SourcePosition: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var line: Int
    /// In characters (Unicode scalars), not bytes.
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    package var description: String { "\(line):\(column)" }
}

/// A file's bytes and where its lines begin: values keep a byte offset, and only a problem that
/// is told needs a line and a column.
package struct SourceText: Sendable {
    /// As problems show it: `config/team.toml`.
    package let path: String
    package let bytes: [UInt8]
    /// Offset of the first byte behind a byte order mark.
    package let start: Int
    private let lineStarts: [Int]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var starts = [start]
        for (index, byte) in bytes.enumerated() where byte == ASCII.lf { starts.append(index + 1) }
        lineStarts = starts
    }

    /// The line and column of a byte.
    package func position(at offset: Int) -> SourcePosition {
        let offset = min(max(offset, start), bytes.count)
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        // A byte 10xxxxxx goes on with a character that has been counted.
        let column = bytes[lineStarts[low]..<offset].reduce(1) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        return SourcePosition(line: low + 1, column: column)
    }

    /// Where the first byte that is not UTF-8 stands.
    package var firstInvalidByte: Int? {
        do {
            _ = try UTF8Span(validating: bytes.span)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }
}
