import Base
import Testing

@testable import Net

@Suite struct SocketAddressTests {
    @Test(arguments: [
        "192.0.2.1:25", "0.0.0.0:0", "[2001:db8::1]:65535", "[::]:143", "unix:/run/lmtp", "unix:relative",
    ])
    func printsAsItReads(text: String) {
        #expect(SocketAddress(text)?.description == text)
    }

    @Test func anAbsolutePathIsAUnixSocket() {
        #expect(SocketAddress("/run/lmtp") == .unix("/run/lmtp"))
    }

    @Test(arguments: [
        "", ":", "192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:-1", "192.0.2.1: 25", "2001:db8::1:25",
        "[192.0.2.1]:25", "[::1]", "[::1:25", "mail.example:25", "unix:", "192.0.2.1:+5",
    ])
    func refusesAnythingElse(text: String) {
        #expect(SocketAddress(text) == nil)
    }

    @Test func aPathMustFitTheKernel() {
        #expect(SocketAddress("/" + String(repeating: "x", count: 106)) != nil)
        #expect(SocketAddress("/" + String(repeating: "x", count: 107)) == nil)
    }

    @Test(arguments: ["192.0.2.1:25", "[2001:db8::1]:143", "unix:/run/lmtp"])
    func goesToTheKernelAndBack(text: String) throws {
        let address = try #require(SocketAddress(text))
        let back = unsafe address.withSystemAddress { pointer, length in
            unsafe SocketAddress(UnsafeRawBufferPointer(start: pointer, count: Int(length)))
        }
        #expect(back == address)
    }

    @Test func anIPv4ClientOnAnIPv6SocketIsAnIPv4Client() throws {
        let mapped = try #require(SocketAddress("[::ffff:192.0.2.1]:25"))
        let back = unsafe mapped.withSystemAddress { pointer, length in
            unsafe SocketAddress(UnsafeRawBufferPointer(start: pointer, count: Int(length)))
        }
        #expect(back == SocketAddress("192.0.2.1:25"))
    }
}
