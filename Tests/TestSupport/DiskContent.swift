/// The bytes of one file, in pages that copies share: a disk is copied by reference, and a copy that is
/// written to costs the pages that are written.
struct DiskContent {
    private static let pageSize = 4096

    private var pages: [[UInt8]] = []
    private(set) var count = 0

    /// At most `length` bytes from an offset on.
    func bytes(at offset: Int, count length: Int) -> [UInt8] {
        guard offset < count else { return [] }
        let end = min(count, offset + min(length, count - offset))
        return unsafe [UInt8](unsafeUninitializedCapacity: end - offset) { target, initialized in
            var at = offset
            while at < end {
                let (page, start) = at.quotientAndRemainder(dividingBy: Self.pageSize)
                let piece = min(end - at, Self.pageSize - start)
                unsafe pages[page].withUnsafeBytes { source in
                    let to = unsafe UnsafeMutableRawBufferPointer(target)[(at - offset)..<(at - offset + piece)]
                    let from = unsafe UnsafeRawBufferPointer(rebasing: source[start..<(start + piece)])
                    unsafe UnsafeMutableRawBufferPointer(rebasing: to).copyMemory(from: from)
                }
                at += piece
            }
            initialized = end - offset
        }
    }

    /// Writes bytes at an offset, with zeros before it where the end was short of it.
    mutating func put(_ bytes: [UInt8], at offset: Int) {
        if offset + bytes.count > count { resize(to: offset + bytes.count) }
        var done = 0
        while done < bytes.count {
            let (page, start) = (offset + done).quotientAndRemainder(dividingBy: Self.pageSize)
            let piece = min(bytes.count - done, Self.pageSize - start)
            unsafe bytes.withUnsafeBytes { source in
                let from = unsafe UnsafeRawBufferPointer(rebasing: source[done..<(done + piece)])
                unsafe pages[page].withUnsafeMutableBytes { target in
                    let to = unsafe UnsafeMutableRawBufferPointer(rebasing: target[start..<(start + piece)])
                    unsafe to.copyMemory(from: from)
                }
            }
            done += piece
        }
    }

    mutating func resize(to size: Int) {
        let needed = (size + Self.pageSize - 1) / Self.pageSize
        if size < count {
            pages.removeLast(pages.count - needed)
            // What is cut off does not come back when the file grows again.
            let rest = size % Self.pageSize
            if rest > 0, let last = pages.indices.last {
                pages[last] = Array(pages[last][..<rest]) + [UInt8](repeating: 0, count: Self.pageSize - rest)
            }
        } else {
            while pages.count < needed { pages.append([UInt8](repeating: 0, count: Self.pageSize)) }
        }
        count = size
    }

    /// Flips one bit of a byte.
    mutating func flip(at offset: Int) {
        guard offset < count else { return }
        pages[offset / Self.pageSize][offset % Self.pageSize] ^= 1
    }
}
