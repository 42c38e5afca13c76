internal import Glibc

/// Another program, run to its end: how a secret is fetched by a command.
package enum ChildProcess {
    /// The standard output of a program that ended with status 0; `nil` for anything else.
    ///
    /// Blocks; no shell stands between, the program is looked up in PATH, standard input is empty. A
    /// program that says more than `limit` octets has failed.
    package static func output(of words: [String], limit: Int) -> [UInt8]? {
        guard let program = words.first, !words.contains(where: { $0.utf8.contains(0) }) else { return nil }
        var ends: [Int32] = [-1, -1]
        // SAFETY: pipe2 writes two descriptors into the array.
        guard unsafe pipe(&ends) == 0 else { return nil }
        let (reading, writing) = (ends[0], ends[1])
        let child = spawn(program, words, writing: writing, reading: reading)
        Glibc.close(writing)
        defer { Glibc.close(reading) }
        guard let child else { return nil }
        let output = readAll(reading, limit: limit)
        if output == nil { kill(child, SIGKILL) }
        var status: Int32 = 0
        // SAFETY: the status is a local; waitpid only writes to it.
        while unsafe waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { return nil }
        }
        return status == 0 ? output : nil
    }

    /// A variable of this process's environment.
    package static func environment(_ name: String) -> [UInt8]? {
        // SAFETY: nobody here ever writes the environment, so the pointer stays good while it is copied.
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe Array(String(cString: value).utf8)
    }

    private static func spawn(_ program: String, _ words: [String], writing: Int32, reading: Int32) -> pid_t? {
        var actions = unsafe posix_spawn_file_actions_t()
        // SAFETY: the actions live from init to destroy within this function; the argument copies are
        // freed after the call, which reads them before it returns.
        unsafe posix_spawn_file_actions_init(&actions)
        defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, writing, 1)
        unsafe posix_spawn_file_actions_addclose(&actions, reading)
        unsafe posix_spawn_file_actions_addclose(&actions, writing)
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { unsafe arguments.forEach { unsafe free($0) } }
        var child: pid_t = 0
        let failure = unsafe posix_spawnp(&child, program, &actions, nil, &arguments, environ)
        return failure == 0 ? child : nil
    }

    private static func readAll(_ descriptor: Int32, limit: Int) -> [UInt8]? {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            // SAFETY: the count is the buffer's own.
            let count = unsafe read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return result }
            result += buffer[..<count]
            guard result.count <= limit else { return nil }
        }
    }
}

/// A program that runs beside this one.
package struct RunningProcess: Sendable {
    /// The process's number.
    package let id: Int32

    /// Starts a program with standard output and error of its own file; `nil` where it cannot be started.
    package init?(_ words: [String], output path: String) {
        guard let program = words.first, !words.contains(where: { $0.utf8.contains(0) }) else { return nil }
        var actions = unsafe posix_spawn_file_actions_t()
        // SAFETY: the actions live from init to destroy within this function; the argument copies are
        // freed after the call, which reads them before it returns.
        unsafe posix_spawn_file_actions_init(&actions)
        defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { unsafe arguments.forEach { unsafe free($0) } }
        var child: pid_t = 0
        guard unsafe posix_spawnp(&child, program, &actions, nil, &arguments, environ) == 0 else { return nil }
        id = child
    }

    /// Asks it to end gracefully.
    package func terminate() { kill(id, SIGTERM) }

    /// Ends it at once, as a crash would.
    package func kill9() { kill(id, SIGKILL) }

    /// Waits for its end; blocks.
    package func waitForEnd() {
        var status: Int32 = 0
        // SAFETY: the status is a local; waitpid only writes to it.
        while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
    }

    /// The path of the program that runs now.
    package static var ownPath: String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        // SAFETY: the count leaves room for the final zero.
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
