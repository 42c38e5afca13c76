import Glibc

/// A Dovecot of its own, with the settings that it comes with.
///
/// Said here is only what a site must say: where mail lies, who the users are, the certificate;
/// log-in without TLS, and limits on processes and on sessions of a user that the load would meet.
final class DovecotUnderLoad {
    /// How mail is stored.
    enum Format: String {
        case maildir
        case sdbox
    }

    let port: UInt16
    let tlsPort: UInt16
    private(set) var process: ProcessFigures
    private var program: StartedProgram
    private let scratch: Scratch

    private static let path = "/usr/sbin/dovecot"

    static var isInstalled: Bool { unsafe access(path, X_OK) == 0 && geteuid() == 0 }

    /// nil where it is not installed, or may not be started.
    ///
    /// Mail lies below `mail` of the scratch.
    static func start(_ format: Format, users: Int, _ certificate: Certificate, in scratch: Scratch) throws
        -> DovecotUnderLoad?
    {
        guard isInstalled else { return nil }
        return try DovecotUnderLoad(format, users, certificate, scratch)
    }

    private init(_ format: Format, _ users: Int, _ certificate: Certificate, _ scratch: Scratch) throws {
        self.scratch = scratch
        port = try Scratch.freePort()
        tlsPort = try Scratch.freePort()
        for directory in ["mail", "run", "state"] { try scratch.makeDirectory(directory) }
        let owner = Int(Self.mailUser)
        guard unsafe chown(scratch.path("mail"), Self.mailUser, Self.mailUser) == 0 else {
            throw BenchError("the mail directory cannot be given to user \(owner)")
        }
        try scratch.write("users", (0..<users).map { "\(MailServer.user($0)):\(MailServer.crypted)\n" }.joined())
        let settings = Self.settings(scratch.directory, format, port, tlsPort, certificate)
        try scratch.write("dovecot.conf", settings)
        program = try Self.launch(scratch)
        process = ProcessFigures(identifier: program.identifier)
        try program.waitForPort(port, log: scratch.path("log"))
    }

    private static func launch(_ scratch: Scratch) throws -> StartedProgram {
        try StartedProgram([path, "-F", "-c", scratch.path("dovecot.conf")], output: scratch.path("output"))
    }

    func stop() { program.stop() }

    /// Ends it and starts it again.
    ///
    /// - Returns: When it was started; by now it listens.
    func restart() throws -> Int64 {
        program.stop()
        let start = OwnTime.now
        program = try Self.launch(scratch)
        process = ProcessFigures(identifier: program.identifier)
        try program.waitForPort(port, log: scratch.path("log"))
        return start
    }

    /// Nobody; Dovecot refuses to keep mail as root.
    static let mailUser: uid_t = 65534

    private static func settings(
        _ directory: String,
        _ format: Format,
        _ port: UInt16,
        _ tlsPort: UInt16,
        _ certificate: Certificate
    ) -> String {
        """
        base_dir = \(directory)/run
        state_dir = \(directory)/state
        log_path = \(directory)/log
        protocols = imap
        listen = 127.0.0.1
        mail_location = \(format.rawValue):\(directory)/mail/%u
        first_valid_uid = 1
        ssl_cert = <\(certificate.certificate)
        ssl_key = <\(certificate.key)
        disable_plaintext_auth = no
        default_process_limit = 6000
        default_client_limit = 20000
        mail_max_userip_connections = 10000
        passdb {
          driver = passwd-file
          args = username_format=%u \(directory)/users
        }
        userdb {
          driver = static
          args = uid=\(mailUser) gid=\(mailUser) home=\(directory)/mail/%u/home
        }
        service imap-login {
          inet_listener imap {
            port = \(port)
          }
          inet_listener imaps {
            port = \(tlsPort)
            ssl = yes
          }
        }
        service imap {
          process_limit = 6000
        }
        namespace inbox {
          inbox = yes
          mailbox Drafts {
            special_use = \\Drafts
          }
          mailbox Junk {
            special_use = \\Junk
          }
          mailbox Sent {
            special_use = \\Sent
          }
          mailbox Trash {
            special_use = \\Trash
          }
        }

        """
    }
}

/// Files of a certificate for localhost.
struct Certificate {
    let certificate: String
    let key: String

    /// Makes one in `scratch`, of the kind that `make certs` makes.
    static func make(in scratch: Scratch) throws -> Certificate {
        let made = Certificate(certificate: scratch.path("server.pem"), key: scratch.path("server-key.pem"))
        let command =
            "umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30"
            + " -subj /CN=localhost -keyout '\(made.key)' -out '\(made.certificate)' 2>/dev/null"
            + " && chmod 0644 '\(made.certificate)'"
        guard unsafe system(command) == 0 else { throw BenchError("openssl made no certificate") }
        return made
    }
}
