import Glibc

/// Clocks of the load itself, in nanoseconds.
enum OwnTime {
    static var now: Int64 { time(CLOCK_MONOTONIC) }
    static var ofThread: Int64 { time(CLOCK_THREAD_CPUTIME_ID) }
    static var ofProcess: Int64 { time(CLOCK_PROCESS_CPUTIME_ID) }

    private static func time(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
