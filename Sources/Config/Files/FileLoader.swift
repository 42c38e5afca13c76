internal import Base
internal import Crypto

/// What checks across files may look at, as far as it could be read.
struct Known {
    var gateway: GatewaySettings?
    var team: Team?
}

/// Reads the files of a configuration directory and keeps what is wrong with each.
final class FileLoader<Source: FileInspector> {
    /// As it was given: `config`.
    let directory: String
    let source: Source
    /// Whether certificates and keys that the files name have to be there: not for trying rules.
    let looksAtNamedFiles: Bool
    let catalogue = Catalogue()
    private(set) var files: [ConfigurationFile] = []
    private var checks: [(Known) -> Void] = []
    private var reporters: [ProblemReporter] = []
    private var loose: [Problem] = []

    init(directory: String, source: Source, looksAtNamedFiles: Bool = true) {
        self.directory = directory
        self.source = source
        self.looksAtNamedFiles = looksAtNamedFiles
    }

    /// Everything that is wrong, by file and place.
    var problems: [Problem] { (loose + reporters.flatMap(\.problems)).sorted() }

    /// `config/team.toml` for `team.toml`.
    func path(_ name: String) -> String { Paths.resolve(name, in: directory) }

    func report(_ name: String, _ text: String) { loose.append(Problem(path: path(name), text: text)) }

    // MARK: Checks across files

    /// Keeps a check for when all files have been read.
    func afterwards(_ check: @escaping (Known) -> Void) { checks.append(check) }

    func runChecks(gateway: GatewaySettings?, team: Team?) {
        catalogue.finish()
        // What follows from a fault in the team's file would only hide it.
        let isSound = !problems.contains { $0.path == path(TeamFile<Source>.name) }
        let known = Known(gateway: gateway, team: isSound ? team : nil)
        for check in checks { check(known) }
    }

    // MARK: Files

    /// The file's text; `nil` where it cannot be used, which is told unless it may be missing.
    ///
    /// `limit`: The most bytes, with what to do where there are more.
    func text(
        _ name: String,
        isOptional: Bool,
        limit: (bytes: Int, cure: String) = (Limits.configurationFile, "split it")
    ) -> SourceText? {
        let path = path(name)
        let bytes: [UInt8]
        do {
            let status = try source.status(path)
            guard status.kind == .file else {
                report(name, "it is not a file")
                return nil
            }
            guard status.size <= limit.bytes else {
                report(name, "the file is larger than \(Sizes.text(limit.bytes)); \(limit.cure)")
                return nil
            }
            guard !status.isWritableByOthers else {
                report(name, "others may write the file; run chmod o-w \(path)")
                return nil
            }
            bytes = try source.read(path)
        } catch {
            if error.errno == 2, isOptional { return nil }
            report(name, "the file cannot be read: \(error.reason)")
            return nil
        }
        files.append(ConfigurationFile(path: name, hash: SHA256.hash(bytes)))
        return SourceText(path: path, bytes: bytes)
    }

    func reporter(_ text: SourceText) -> ProblemReporter {
        let reporter = ProblemReporter(text)
        reporters.append(reporter)
        return reporter
    }

    /// The root table of a TOML file that may be missing only if it is optional; what it would
    /// define is excused where it cannot be read.
    func table(_ name: String, defining kinds: [Catalogue.Kind] = [], isOptional: Bool = false) -> TableReader? {
        let isMissing = isOptional && !exists(name)
        guard !isMissing else { return nil }
        guard let text = text(name, isOptional: isOptional) else {
            catalogue.excuse(kinds)
            return nil
        }
        let reporter = reporter(text)
        guard let table = TOML.parse(text, into: reporter) else {
            catalogue.excuse(kinds)
            return nil
        }
        return TableReader(table, at: text.start, reporter)
    }

    private func exists(_ name: String) -> Bool {
        do {
            _ = try source.status(path(name))
            return true
        } catch {
            return error.errno != 2
        }
    }

    /// The names of a folder's `.toml` files without the ending, sorted; a missing folder is empty.
    func names(in folder: String) -> [String] {
        let names: [String]
        do {
            let status = try source.status(path(folder))
            guard !status.isWritableByOthers else {
                report(folder, "others may write the folder; run chmod o-w \(path(folder))")
                return []
            }
            names = try source.list(path(folder))
        } catch {
            if error.errno != 2 { report(folder, "the folder cannot be read: \(error.reason)") }
            return []
        }
        guard names.count <= Limits.configurationFiles else {
            report(folder, "the folder has more than \(Limits.configurationFiles) files")
            return []
        }
        return names.filter { $0.hasSuffix(".toml") && !$0.hasPrefix(".") }.map { String($0.dropLast(5)) }.sorted()
    }

    // MARK: Files that are named in the files

    /// Checks that a file named by a key is there and that a key or secret is kept.
    func check(_ path: String, isPrivate: Bool, at offset: Int, _ reporter: ProblemReporter) {
        guard looksAtNamedFiles else { return }
        do {
            let status = try source.status(path)
            guard status.kind == .file else {
                reporter.report("\(path) is not a file", at: offset)
                return
            }
            if isPrivate, status.isExposed {
                reporter.report("others may read or write \(path); run chmod 600 \(path)", at: offset)
            } else if status.isWritableByOthers {
                reporter.report("others may write \(path); run chmod o-w \(path)", at: offset)
            }
        } catch {
            reporter.report("\(path) cannot be read: \(error.reason)", at: offset)
        }
    }
}
