// `make bench`: what the gateway costs, as ratios to peers in the same run.
//
// bench                         every measurement
// bench submissions             durable submissions alone; GREENROOM names the gateway's program
// bench serve c|loop|tls ...    one server, as a process of its own; used by the measurements

@main
enum Bench {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "serve" {
            try await EchoServer.run(Array(arguments.dropFirst()))
        } else if arguments.first == "submissions" {
            try SubmissionBenchmark.run()
        } else {
            try await EchoBenchmark.run()
            try await IdleBenchmark.run()
            try SubmissionBenchmark.run()
        }
    }
}

/// Why a measurement could not be made.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
