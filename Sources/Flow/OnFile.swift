internal import Base
internal import Campaigns
internal import Triage

/// What the records of a creator hold, so that nobody has to ask for it again (C10); what a stage says was given
/// is policy's to add, since stages are judged as of the last 24 hours (INV-10).
enum OnFile {
    static func data(of creator: Creator, agreedRate: Money?) -> Set<DataKind> {
        var data: Set<DataKind> = []
        if !creator.addresses.isEmpty { data.insert(.email) }
        if !creator.handles.isEmpty { data.insert(.handle) }
        if creator.country != nil { data.insert(.country) }
        if !creator.languages.isEmpty { data.insert(.language) }
        if agreedRate != nil { data.insert(.rate) }
        return data
    }
}
