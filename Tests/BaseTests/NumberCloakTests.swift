import Testing

@testable import Base

@Suite struct NumberCloakTests {
    @Test("The vector that Speck64/128 was published with")
    func vector() {
        let key = (0..<4).flatMap { word in (0..<4).map { UInt8(word * 8 + $0) } }
        #expect(NumberCloak(key: key).hide(0x3b72_6574_7475_432d) == 0x8c6f_a548_454e_028b)
        #expect(NumberCloak(key: key).reveal(0x8c6f_a548_454e_028b) == 0x3b72_6574_7475_432d)
    }

    @Test func oneForOne() {
        let cloak = NumberCloak(key: [1, 2, 3])
        let numbers: [UInt64] = [0, 1, 2, 3, .max, 1 << 32, 0x7FFF_FFFF_FFFF_FFFF]
        #expect(Set(numbers.map { cloak.hide($0) }).count == numbers.count)
        #expect(numbers.allSatisfy { cloak.reveal(cloak.hide($0)) == $0 })
        #expect(numbers.allSatisfy { NumberCloak(key: [1, 2, 4]).hide($0) != cloak.hide($0) })
    }
}
