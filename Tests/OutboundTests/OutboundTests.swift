import Base
import SMTPWire
import Testing

@testable import Outbound

@Suite struct ReturnedMessageTests {
    private static let message = Array("Subject: x\r\nTo: a@x.example\r\n\r\nbody\r\n".utf8)

    private func returned(_ message: [UInt8], _ parameters: String) throws -> ReturnedMessage {
        ReturnedMessage(message, try MailParameters(text: parameters))
    }

    @Test("RFC 3461 §4.3: the whole message only where that was asked for")
    func whole() throws {
        #expect(try returned(Self.message, " RET=FULL").bytes == Self.message)
        #expect(try returned(Self.message, " RET=HDRS").bytes == Self.message.dropLast(6))
        #expect(try returned(Self.message, "").isWhole == false)
    }

    @Test("A large message is never returned whole")
    func large() throws {
        let large = Self.message + [UInt8](repeating: 0x78, count: Limits.returnedMessage)
        let returned = try returned(large, " RET=FULL")
        #expect(!returned.isWhole)
        #expect(returned.bytes == Self.message.dropLast(6))
    }

    @Test("A message without a body is its header")
    func headerAlone() throws {
        let header = Array("Subject: x\r\n".utf8)
        #expect(try returned(header, "").bytes == header)
    }
}

@Suite struct BackOffTests {
    @Test func growsToFourHours() {
        #expect(
            (-1...9).map { BackOff.wait(after: $0).components.seconds / 60 } == [
                1, 1, 5, 15, 30, 60, 120, 240, 240, 240, 240,
            ]
        )
    }
}
