internal import Glibc

/// The C library's converter between charsets, for what is not a simple loop.
///
/// Unsafe because iconv moves pointers through its caller's buffers; they live for one call here.
enum CharsetConverter {
    /// The text of the bytes; U+FFFD for each byte that cannot be read.
    ///
    /// `nil` where the system has no such converter.
    static func decode(_ bytes: [UInt8], from charset: String) -> String? {
        guard !bytes.isEmpty else { return "" }
        let descriptor = unsafe iconv_open("UTF-8", charset)
        // (iconv_t)-1 is how iconv_open says that it knows no such charset.
        guard Int(bitPattern: descriptor) != -1, let descriptor = unsafe descriptor else { return nil }
        // SAFETY: closed exactly once, after the last use below.
        defer { unsafe _ = iconv_close(descriptor) }
        return unsafe convert(bytes, descriptor)
    }

    private static func convert(_ bytes: [UInt8], _ descriptor: iconv_t) -> String {
        var input = bytes.map { CChar(bitPattern: $0) }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count * 2)
        var chunk = [CChar](repeating: 0, count: 4096)
        var position = 0
        var isFinished = false
        while !isFinished {
            let step = unsafe step(descriptor, &input, &position, &chunk, &output)
            switch step {
            case .done: isFinished = true
            case .full: break
            case .unreadable:
                output += replacement
                position += 1
                isFinished = position >= input.count
            case .cutOff:
                output += replacement
                isFinished = true
            }
        }
        unsafe flush(descriptor, &chunk, &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// Writes the character that the converter keeps back because an accent might follow it.
    private static func flush(_ descriptor: iconv_t, _ chunk: inout [CChar], _ output: inout [UInt8]) {
        let chunkCount = chunk.count
        var chunkLeft = chunkCount
        unsafe chunk.withUnsafeMutableBufferPointer { buffer in
            var target = buffer.baseAddress
            // SAFETY: no input is given; the count is that of the buffer behind the pointer.
            unsafe _ = iconv(descriptor, nil, nil, &target, &chunkLeft)
        }
        for index in 0..<(chunkCount - chunkLeft) { output.append(UInt8(bitPattern: chunk[index])) }
    }

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    private enum Step {
        case done
        /// The chunk is full: go on.
        case full
        /// The byte at the position cannot be read.
        case unreadable
        /// The input ends inside a character.
        case cutOff
    }

    /// One call of iconv from `position` on; what it wrote is appended to the output.
    private static func step(
        _ descriptor: iconv_t,
        _ input: inout [CChar],
        _ position: inout Int,
        _ chunk: inout [CChar],
        _ output: inout [UInt8]
    ) -> Step {
        let inputCount = input.count
        let chunkCount = chunk.count
        var code: Int32 = 0
        var inputLeft = inputCount - position
        var chunkLeft = chunkCount
        let start = position
        unsafe input.withUnsafeMutableBufferPointer { inputBuffer in
            unsafe chunk.withUnsafeMutableBufferPointer { chunkBuffer in
                guard let inputBase = inputBuffer.baseAddress, let chunkBase = chunkBuffer.baseAddress
                else { return }
                // SAFETY: both pointers lie in buffers that outlive the call, and the counts are what
                // is left behind them.
                var source: UnsafeMutablePointer<CChar>? = unsafe inputBase + start
                var target: UnsafeMutablePointer<CChar>? = unsafe chunkBase
                if unsafe iconv(descriptor, &source, &inputLeft, &target, &chunkLeft) == -1 {
                    code = errno
                }
            }
        }
        position = inputCount - inputLeft
        for index in 0..<(chunkCount - chunkLeft) { output.append(UInt8(bitPattern: chunk[index])) }
        switch code {
        case 0: return .done
        case E2BIG where position > start || chunkLeft < chunkCount: return .full
        case EINVAL: return .cutOff
        case EILSEQ: return .unreadable
        default: return .cutOff
        }
    }
}
