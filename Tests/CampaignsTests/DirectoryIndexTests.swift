import TestSupport
import Testing

@testable import Campaigns

@Suite("Indexes of the directory")
struct DirectoryIndexTests {
    @Test("Sorted hashes hold what was put in, also at the ends and where all begin alike")
    func hashes() {
        var random = SeededGenerator(seed: 11)
        let sets: [[UInt64]] = [
            [], [0], [.max], [0, .max, 1, .max - 1], Array(0..<500), (0..<500).map { UInt64.max - $0 },
            Array(repeating: 7, count: 100), (0..<3000).map { _ in UInt64.random(in: 0 ... .max, using: &random) },
        ]
        for set in sets {
            let hashes = SortedHashes(set)
            #expect(set.allSatisfy { hashes.contains($0) })
            #expect(Array(hashes[0...UInt64.max]) == Array(Set(set)).sorted())
            for _ in 0..<100 {
                let other = UInt64.random(in: 0 ... .max, using: &random)
                #expect(hashes.contains(other) == set.contains(other))
            }
        }
    }

    @Test("Keys that share half a hash are told apart by their records")
    func collisions() {
        let index = PackedIndex([(0x0000_0001_0000_0000, 3), (0x0000_0001_FFFF_FFFF, 1), (0x0000_0002_0000_0000, 2)])
        #expect(Array(index.numbers(0x0000_0001_1234_5678)) == [1, 3])
        #expect(Array(index.numbers(0x0000_0002_0000_0000)) == [2])
        #expect(Array(index.numbers(0x0000_0003_0000_0000)).isEmpty)
    }

    @Test("Every address and handle leads to its creators, and nothing else does")
    func lookups() {
        var random = SeededGenerator(seed: 12)
        let creators = (0..<300).map { number in
            Creator(
                id: CreatorID("c\(number)"),
                name: "",
                addresses: (0..<Int.random(in: 0...3, using: &random)).map { _ in
                    World.address("a\(Int.random(in: 0..<600, using: &random))@gmail.com")
                },
                handles: [
                    Handle("h\(Int.random(in: 0..<200, using: &random))", on: "instagram"),
                    Handle("h\(Int.random(in: 0..<200, using: &random))", on: "tiktok"),
                ]
            )
        }
        let directory = Directory(creators: creators)
        for number in 0..<600 {
            let address = World.address("A.\(number)@googlemail.com")
            let listing = directory.creators.filter { $0.addresses.contains(address) }.map(\.id)
            #expect(directory.creators(listing: address) == listing)
        }
        for number in 0..<200 {
            for platform in [PlatformID("instagram"), "tiktok"] {
                let having = directory.creators.indices.filter {
                    directory.creators[$0].handles.contains(Handle("h\(number)", on: platform))
                }
                #expect(directory.handles.creators(of: "@H\(number)", on: platform) == having)
            }
        }
        for creator in creators { #expect(directory.creator(creator.id) == creator) }
        #expect(directory.creator("c300") == nil && directory.creator("") == nil && directory.creator("d") == nil)
    }

    @Test("Neighbours by halves are those by comparing every domain, whatever the edit", arguments: 0..<20)
    func neighbours(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func word() -> String {
            String((0..<Int.random(in: 1...7, using: &random)).map { _ in "abcé".randomElement(using: &random) ?? "a" })
        }
        let domains = (0..<300).map { _ in DomainName(word() + "." + word()) }
        let listed = domains.enumerated().map { number, domain in
            Creator(id: CreatorID("c\(number)"), name: "", addresses: [Address(local: "hello", domain: domain.name)])
        }
        let other = Address(local: "other", domain: "abc.example")
        let neighbours = ListedNeighbours(ListedAddresses(creators: listed, others: [other]))
        for _ in 0..<500 {
            let asked = DomainName(word() + "." + word())
            let isNear = domains.contains { Edit.isOne($0.name, asked.name) }
            let found = neighbours.domain(besides: asked, local: "hello")
            #expect((found != nil) == isNear, "\(asked)")
            if let found { #expect(Edit.isOne(found.name, asked.name)) }
            #expect(neighbours.contains(asked, local: "hello") == domains.contains(asked))
        }
        for domain in domains { #expect(neighbours.contains(domain, local: "hello")) }
        #expect(neighbours.domain(besides: DomainName("abd.example"), local: "other") == DomainName("abc.example"))
        #expect(neighbours.domain(besides: DomainName("abd.example"), local: "third") == nil)
    }

    @Test("INV-9: a local part that thousands have costs no more than a rare one")
    func sharedLocalPart() {
        let creators = (0..<20_000).map { number in
            // Numbers in letters that do not follow each other, as names do not.
            let name = String(UInt64(number) &* 0x9E37_79B9_7F4A_7C15 >> 16, radix: 36)
            return Creator(id: CreatorID("c\(number)"), name: "", addresses: [World.address("hello@\(name).example")])
        }
        let neighbours = ListedNeighbours(ListedAddresses(creators: creators, others: []))
        for creator in creators.prefix(200) {
            let domain = creator.addresses[0].key.domain
            #expect(neighbours.candidates(besides: DomainName("x" + domain.name), local: "hello").count < 100)
        }
    }
}
