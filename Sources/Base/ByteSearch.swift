// The one file of Base with unsafe code: the C library's memchr is several times faster than
// any loop written here, and reaching it needs the pointer behind the span.

internal import Glibc

extension Span where Element == UInt8 {
    /// The offset of the first `byte` at or after `start`, found with `memchr`.
    package func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        guard start >= 0, start < count else { return nil }
        return unsafe withUnsafeBufferPointer { buffer -> Int? in
            // SAFETY: start < count, so base is there and the range lies inside the span.
            guard let base = unsafe UnsafeRawPointer(buffer.baseAddress) else { return nil }
            guard let found = unsafe memchr(base + start, Int32(byte), buffer.count - start) else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    /// The offset of the first occurrence of `pattern` at or after `start`.
    package func firstIndex(of pattern: [UInt8], from start: Int = 0) -> Int? {
        guard let first = pattern.first else { return start <= count ? start : nil }
        var from = start
        while let index = firstIndex(of: first, from: from) {
            guard index + pattern.count <= count else { return nil }
            var length = 1
            while length < pattern.count, self[index + length] == pattern[length] { length += 1 }
            if length == pattern.count { return index }
            from = index + 1
        }
        return nil
    }
}

extension [UInt8] {
    /// Appends the bytes of a span in one copy.
    package mutating func append(contentsOf bytes: Span<UInt8>) {
        // SAFETY: the buffer is used only inside the closure, while the span is alive.
        unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe append(contentsOf: buffer)
        }
    }
}
