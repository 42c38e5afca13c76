import CFuzzer
import FuzzEntries
import Glibc

/// `fuzz ENTRY [libFuzzer's arguments]`: feeds one entry until it finds something or time is up.
@main
enum Fuzz {
    nonisolated(unsafe) private static var entry = FuzzEntry.all[0]

    static func main() {
        guard CommandLine.arguments.count > 1, let named = FuzzEntry.named(CommandLine.arguments[1]) else {
            print("fuzz: one of \(FuzzEntry.all.map(\.name).joined(separator: ", "))")
            exit(64)
        }
        unsafe entry = named
        // SAFETY: argc and argv are the process's own, without the entry's name.
        var count = CommandLine.argc - 1
        unsafe CommandLine.unsafeArgv[1] = CommandLine.unsafeArgv[0]
        var arguments = unsafe Optional(CommandLine.unsafeArgv + 1)
        let result = unsafe LLVMFuzzerRunDriver(&count, &arguments) { data, size in
            // SAFETY: libFuzzer gives `size` bytes at `data` for the time of the call.
            let bytes = unsafe [UInt8](UnsafeBufferPointer(start: data, count: size))
            do throws(FuzzFinding) {
                try unsafe Fuzz.entry.feed(bytes)
            } catch {
                fatalError(error.description)
            }
            return 0
        }
        exit(result)
    }
}
