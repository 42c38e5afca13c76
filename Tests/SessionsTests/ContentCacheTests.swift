import Base
import IMAPServer
import Testing

@testable import Sessions

@Suite struct ContentCacheTests {
    private static func content(_ edition: Int64, octets: Int, size: Int? = nil) -> EditionContent {
        EditionContent(
            edition: EditionID(rawValue: edition),
            size: size ?? octets,
            bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: edition), count: octets)
        )
    }

    private static func found(_ cache: ContentCache, _ edition: Int64, _ part: EditionPart = .whole) -> [UInt8]? {
        cache.contents(of: [EditionID(rawValue: edition)], part: part).first.flatMap { $0?.bytes }
    }

    @Test("a header alone is no answer for the whole, and the whole is one for the header")
    func parts() {
        let cache = ContentCache(limit: 1 << 20)
        cache.insert([Self.content(1, octets: 10, size: 100)])
        #expect(Self.found(cache, 1, .header)?.count == 10)
        #expect(Self.found(cache, 1) == nil)
        cache.insert([Self.content(1, octets: 100)])
        cache.insert([Self.content(1, octets: 10, size: 100)])
        #expect(Self.found(cache, 1)?.count == 100 && Self.found(cache, 1, .header)?.count == 100)
        #expect(Self.found(cache, 2) == nil)
    }

    @Test("what is used stays, what is not goes, and the limit holds", arguments: [10_000, 100_000])
    func limit(limit: Int) {
        let cache = ContentCache(limit: limit)
        cache.insert([Self.content(0, octets: 500)])
        for edition in Int64(1)...500 {
            cache.insert([Self.content(edition, octets: 500)])
            #expect(Self.found(cache, edition)?.count == 500)
            #expect(Self.found(cache, 0) != nil, "asked for all the time")
            #expect(cache.octets <= limit)
        }
        #expect(Self.found(cache, 1) == nil)
        cache.insert([Self.content(1000, octets: limit)])
        #expect(Self.found(cache, 1000) == nil, "larger than all room there is")
        #expect(cache.octets <= limit)
    }
}
