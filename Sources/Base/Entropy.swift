/// Where random bytes come from: the system's generator, or a seed in simulation.
package protocol Entropy: Sendable {
    func bytes(count: Int) -> [UInt8]
}

extension Entropy {
    package func number() -> UInt64 {
        bytes(count: 8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
