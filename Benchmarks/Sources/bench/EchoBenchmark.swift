import CEcho

/// Echo of 64-byte lines: processor time of the server per round trip, ours against C's.
enum EchoBenchmark {
    /// The most that our loop may cost at 50 connections, as a multiple of the C loop.
    private static let bound = 1.3
    private static let repetitions = 5

    static func run() async throws {
        cecho_pin(1)
        print("echo of 64-byte lines, processor time of the server per round trip (median of \(repetitions))")
        print("  connections     C loop    our loop   ratio")
        for (connections, count) in [(1, 40_000), (50, 200_000), (1000, 200_000)] {
            var times: [String: [Double]] = [:]
            // Interleaved, so that a busy neighbour disturbs both alike.
            for _ in 0..<repetitions {
                for server in ["c", "loop"] {
                    times[server, default: []].append(try measure(server, connections, count))
                }
            }
            let peer = median(times["c"] ?? [])
            let ours = median(times["loop"] ?? [])
            let ratio = ours / peer
            let verdict = connections != 50 ? "" : ratio <= bound ? "  (at most \(bound))" : "  OVER \(bound)"
            print("  \(right(connections, 11)) \(micro(peer)) \(micro(ours))   \(hundredths(ratio))\(verdict)")
        }
    }

    private static func measure(_ server: String, _ connections: Int, _ count: Int) throws -> Double {
        let server = try ServerProcess([server])
        // The first round trips pay for accepting and for growing.
        guard cecho_load(server.port, Int32(connections), Int64(2 * connections), 64) >= 0 else {
            throw BenchError("the load failed")
        }
        let before = server.processorTime
        guard cecho_load(server.port, Int32(connections), Int64(count), 64) >= 0 else {
            throw BenchError("the load failed")
        }
        return Double(server.processorTime - before) / Double(count)
    }

    private static func micro(_ nanoseconds: Double) -> String {
        right("\(hundredths(nanoseconds / 1000)) us", 11)
    }
}

func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
}

func right(_ value: some CustomStringConvertible, _ width: Int) -> String {
    let text = value.description
    return String(repeating: " ", count: max(0, width - text.count)) + text
}

func hundredths(_ value: Double) -> String {
    let number = Int((value * 100).rounded())
    return "\(number / 100).\(number % 100 < 10 ? "0" : "")\(number % 100)"
}
