import Glibc

/// A Postfix of its own: one port whose mail is put on hold, one whose mail goes to `discard`, or, to
/// the domain of the sink, to a server that takes everything.
///
/// As it comes, but for what would slow it down here: no limit on clients, and no pause of a
/// second in taking in while deliveries wait (in_flow_delay).
final class PostfixUnderLoad {
    let holdPort: UInt16
    let discardPort: UInt16
    let process: ProcessFigures
    private let program: StartedProgram
    private let scratch: Scratch

    private static let path = "/usr/sbin/postfix"

    /// nil where it is not installed, or may not be started.
    ///
    /// `sinkPort`: Where mail to `sink.example` goes.
    static func start(sinkPort: UInt16? = nil) throws -> PostfixUnderLoad? {
        guard unsafe access(path, X_OK) == 0, geteuid() == 0 else { return nil }
        return try PostfixUnderLoad(sinkPort)
    }

    private init(_ sinkPort: UInt16?) throws {
        scratch = try Scratch("postfix")
        holdPort = try Scratch.freePort()
        discardPort = try Scratch.freePort()
        try scratch.makeDirectory("queue")
        try scratch.makeDirectory("data")
        guard unsafe system("chown postfix '\(scratch.path("data"))'") == 0 else {
            throw BenchError("there is no user postfix")
        }
        let transport = sinkPort.map { "transport_maps = inline:{{sink.example = smtp:[127.0.0.1]:\($0)}}\n" } ?? ""
        try scratch.write("main.cf", Self.main(scratch.directory) + transport)
        try scratch.write("master.cf", Self.master(holdPort, discardPort))
        let log = scratch.path("postfix.log")
        program = try StartedProgram(
            [Self.path, "-c", scratch.directory, "start-fg"],
            output: scratch.path("output")
        )
        for port in [holdPort, discardPort] { try program.waitForPort(port, log: log) }
        let number = ProcessFigures.contents(scratch.path("queue/pid/master.pid")) ?? ""
        guard let master = pid_t(number.filter(\.isNumber)) else { throw BenchError("Postfix tells no process number") }
        process = ProcessFigures(identifier: master)
    }

    func stop() { program.stop(process.identifier) }

    private static func main(_ directory: String) -> String {
        """
        compatibility_level = 3.6
        queue_directory = \(directory)/queue
        data_directory = \(directory)/data
        maillog_file = \(directory)/postfix.log
        maillog_file_prefixes = \(directory)
        mail_owner = postfix
        setgid_group = postdrop
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        myhostname = smarthost.example
        mydestination =
        alias_maps =
        alias_database =
        local_recipient_maps =
        disable_dns_lookups = yes
        smtpd_peername_lookup = no
        default_transport = discard:
        relay_transport = discard:
        mynetworks = 127.0.0.0/8
        smtpd_relay_restrictions = permit_mynetworks, reject
        smtpd_client_connection_count_limit = 0
        smtpd_client_connection_rate_limit = 0
        in_flow_delay = 0

        """
    }

    private static func master(_ hold: UInt16, _ discard: UInt16) -> String {
        """
        127.0.0.1:\(hold) inet n - n - - smtpd -o smtpd_client_restrictions=static:HOLD
        127.0.0.1:\(discard) inet n - n - - smtpd
        pickup unix n - n 60 1 pickup
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        proxymap unix - - n - - proxymap
        error unix - - n - - error
        retry unix - - n - - error
        discard unix - - n - - discard
        smtp unix - - n - - smtp
        anvil unix - - n - 1 anvil
        postlog unix-dgram n - n - 1 postlogd

        """
    }
}
