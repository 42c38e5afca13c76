internal import Base

/// The bootstring of internationalised domain names (RFC 3492), without the `xn--` prefix.
package enum Punycode {
    /// The scalars of an encoded label; `nil` where it is not well formed.
    package static func decode(_ encoded: some StringProtocol) -> String? {
        let bytes = Array(encoded.utf8)
        guard bytes.count <= maximumLength, bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        var output: [UInt32] = []
        var index = 0
        if let delimiter = bytes.lastIndex(of: hyphen) {
            output = bytes[..<delimiter].map { UInt32($0) }
            index = delimiter + 1
        }
        var codePoint = initialCodePoint
        var position: UInt32 = 0
        var bias = initialBias
        while index < bytes.count {
            let oldPosition = position
            var weight: UInt32 = 1
            var step = base
            while true {
                guard index < bytes.count, let digit = value(of: bytes[index]) else { return nil }
                index += 1
                let (product, tooLarge) = digit.multipliedReportingOverflow(by: weight)
                let (sum, carried) = position.addingReportingOverflow(product)
                guard !tooLarge, !carried else { return nil }
                position = sum
                let threshold = threshold(step, bias)
                if digit < threshold { break }
                let (next, overflow) = weight.multipliedReportingOverflow(by: base - threshold)
                guard !overflow else { return nil }
                weight = next
                step += base
            }
            let count = UInt32(output.count) + 1
            bias = adapted(position - oldPosition, count: count, first: oldPosition == 0)
            let (next, overflow) = codePoint.addingReportingOverflow(position / count)
            guard !overflow, next >= initialCodePoint, Unicode.Scalar(next) != nil else { return nil }
            codePoint = next
            position %= count
            output.insert(codePoint, at: Int(position))
            position += 1
        }
        var text = String.UnicodeScalarView()
        for value in output {
            guard let scalar = Unicode.Scalar(value) else { return nil }
            text.append(scalar)
        }
        return String(text)
    }

    /// The encoded form of a label; `nil` where it is too long for one.
    package static func encode(_ label: some StringProtocol) -> String? {
        let input = label.unicodeScalars.map(\.value)
        guard input.count <= maximumLength else { return nil }
        var output = input.filter { $0 < 0x80 }.map { UInt8(truncatingIfNeeded: $0) }
        let basicCount = UInt32(output.count)
        var handled = basicCount
        if basicCount > 0 { output.append(hyphen) }
        var codePoint = initialCodePoint
        var delta: UInt32 = 0
        var bias = initialBias
        while handled < UInt32(input.count) {
            guard let next = input.lazy.filter({ $0 >= codePoint }).min() else { return nil }
            let (product, tooLarge) = (next - codePoint).multipliedReportingOverflow(by: handled + 1)
            let (sum, carried) = delta.addingReportingOverflow(product)
            guard !tooLarge, !carried else { return nil }
            delta = sum
            codePoint = next
            for value in input {
                if value < codePoint { delta += 1 }
                guard value == codePoint else { continue }
                var rest = delta
                var step = base
                while true {
                    let threshold = threshold(step, bias)
                    if rest < threshold { break }
                    output.append(digit(threshold + (rest - threshold) % (base - threshold)))
                    rest = (rest - threshold) / (base - threshold)
                    step += base
                }
                output.append(digit(rest))
                bias = adapted(delta, count: handled + 1, first: handled == basicCount)
                delta = 0
                handled += 1
            }
            delta += 1
            codePoint += 1
        }
        return output.count <= maximumLength ? String(decoding: output, as: UTF8.self) : nil
    }

    /// The longest label (RFC 1035 §2.3.4) without its prefix; also what keeps the insertions of
    /// the decoder cheap.
    private static let maximumLength = 63 - 4

    private static let hyphen: UInt8 = 0x2D
    private static let base: UInt32 = 36
    private static let initialBias: UInt32 = 72
    private static let initialCodePoint: UInt32 = 128

    private static func threshold(_ step: UInt32, _ bias: UInt32) -> UInt32 {
        step <= bias ? 1 : min(step - bias, 26)
    }

    /// RFC 3492 §6.1.
    private static func adapted(_ delta: UInt32, count: UInt32, first: Bool) -> UInt32 {
        var delta = first ? delta / 700 : delta / 2
        delta += delta / count
        var steps: UInt32 = 0
        while delta > (base - 1) * 26 / 2 {
            delta /= base - 1
            steps += base
        }
        return steps + base * delta / (delta + 38)
    }

    private static func value(of byte: UInt8) -> UInt32? {
        switch ASCII.lowercased(byte) {
        case let letter where ASCII.isLetter(letter): UInt32(letter - 0x61)
        case let digit where ASCII.isDigit(digit): UInt32(digit - 0x30) + 26
        default: nil
        }
    }

    private static func digit(_ value: UInt32) -> UInt8 {
        UInt8(truncatingIfNeeded: value < 26 ? 0x61 + value : 0x30 + value - 26)
    }
}
