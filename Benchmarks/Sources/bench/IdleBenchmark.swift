import CEcho
import Glibc

/// Memory of the server per connection that has done one round trip and is idle now.
enum IdleBenchmark {
    private static let connections = 5000
    /// Open before the first figure is taken: what grows once has grown by then.
    private static let first = 500

    static func run() async throws {
        print("memory of the server per idle connection, \(connections) open")
        try measure("plain", ["loop"], isEncrypted: false, bound: 4096)
        let directory = "/tmp/greenroom-bench-\(getpid())"
        let (certificate, key) = (directory + ".pem", directory + ".key")
        defer {
            unsafe unlink(certificate)
            unsafe unlink(key)
        }
        let command =
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=bench.example"
            + " -keyout \(key) -out \(certificate) 2>/dev/null"
        guard unsafe system(command) == 0 else { throw BenchError("openssl made no certificate") }
        try measure("TLS", ["tls", certificate, key], isEncrypted: true, bound: 20 * 1024)
    }

    private static func measure(_ name: String, _ arguments: [String], isEncrypted: Bool, bound: Int) throws {
        let server = try ServerProcess(arguments)
        var descriptors = [Int32](repeating: -1, count: connections)
        var rest = descriptors
        let opened = unsafe cecho_open_idle(server.port, Int32(first), isEncrypted ? 1 : 0, &descriptors)
        let before = server.memory
        let more = unsafe cecho_open_idle(server.port, Int32(connections - first), isEncrypted ? 1 : 0, &rest)
        guard Int(opened + more) == connections else {
            throw BenchError("only \(opened + more) connections opened; the limit on descriptors may be too low")
        }
        let bytes = Int(server.memory - before) / Int(more)
        let verdict = bytes <= bound ? "(at most \(bound))" : "OVER \(bound)"
        print("  \(right(name, 5)) \(right(bytes, 8)) bytes  \(verdict)")
        for descriptor in descriptors.prefix(Int(opened)) + rest.prefix(Int(more)) { close(descriptor) }
    }
}
