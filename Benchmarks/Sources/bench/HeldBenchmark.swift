/// What the gateway takes of memory while many messages wait for approval: those lie in the store, and
/// what is in memory must not grow with them.
enum HeldBenchmark {
    private static let messages = 100_000
    private static let creators = 200

    static func run() throws {
        let port = try Scratch.freePort()
        let files = SubmissionHouse.files(port: port, creators: creators)
        guard let gateway = try GatewayUnderLoad.start(files, ports: [port], in: Scratch("gateway")) else {
            print("held: skipped, GREENROOM names no program; use `make bench`")
            return
        }
        defer { gateway.stop() }
        print("memory of the gateway while messages of 4 KiB wait for approval")
        show("  none                    \(size(gateway.process.memory))")
        let load = SubmissionLoad(
            port: port,
            login: SubmissionHouse.login,
            sender: "mia@glow.example",
            recipients: (0..<creators).map { "creator\($0)@creators.example" },
            sessions: 50
        )
        let tenth = messages / 10
        for part in 1...10 {
            let figures = try load.run(messages: tenth)
            guard [1, 5, 10].contains(part) else { continue }
            show(
                "  \(right(part * tenth, 7))                 \(size(gateway.process.memory))   accepted a second, the last \(tenth): \(Int(figures.perSecond))"
            )
        }
        let start = try gateway.restart()
        let passed = Double(OwnTime.now - start) / 1e6
        gateway.process.settle()
        show("  after a restart         \(size(gateway.process.memory))   which took \(Int(passed)) ms")
    }

    private static func size(_ bytes: Int64) -> String { right("\(hundredths(Double(bytes) / 1_048_576)) MiB", 12) }
}
