import Base
import SMTPWire
import TestSupport

/// Bytes from a seed, rich in what the grammars look at.
struct FuzzBytes {
    private var generator: SeededGenerator

    init(seed: Int) { generator = SeededGenerator(seed: UInt64(seed)) }

    mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }

    /// Mostly line ends, dots and NULs.
    mutating func data(upTo count: Int) -> [UInt8] {
        let alphabet = Array("\r\n.a\r\n\0".utf8)
        return (0..<below(count)).map { _ in alphabet[below(alphabet.count)] }
    }

    /// An input with a few bytes changed, put in or left out.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0...below(3) {
            let index = below(result.count + 1)
            let byte = UInt8(below(256))
            switch below(3) {
            case 0 where index < result.count: result[index] = byte
            case 1 where index < result.count: result.remove(at: index)
            default: result.insert(byte, at: index)
            }
        }
        return result
    }
}

/// Reads a command from any bytes; what is accepted must survive being written and read again.
func fuzzCommand(_ bytes: [UInt8]) -> Bool {
    guard let command = try? SMTPCommand(line: bytes.span) else { return true }
    var written: [UInt8] = []
    command.encode(into: &written)
    let line = written.dropLast(2)
    guard !line.contains(0x0D), !line.contains(0x0A), !line.contains(0) else { return false }
    guard let again = try? SMTPCommand(line: Array(line).span) else { return false }
    var rewritten: [UInt8] = []
    again.encode(into: &rewritten)
    return rewritten == written
}
