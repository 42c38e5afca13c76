internal import Base
internal import Campaigns

/// `agencies.toml`: the agencies that creators name by id; the file may be missing.
struct AgenciesFile<Source: FileInspector> {
    let loader: FileLoader<Source>

    static var name: String { "agencies.toml" }

    func read() -> [Agency] {
        guard var reader = loader.table(Self.name, defining: [.agency], isOptional: true) else { return [] }
        defer { reader.finish() }
        return reader.namedTables("agencies").compactMap { id, agency in
            var table = agency
            defer { table.finish() }
            loader.catalogue.define(.agency, id.value, at: id.offset, table.reporter)
            let name = table.required("name", .line)
            let addresses = table.list("addresses", .address)
            let domains = table.list("domains", .domain)
            if addresses.isEmpty, domains.isEmpty {
                table.report("the agency has neither addresses nor domains; add one", at: table.offset)
            }
            return name.map { Agency(id: AgencyID(id.value), name: $0, addresses: addresses, domains: domains) }
        }
    }
}
