import CSV

/// The made-up volunteers and targets of the demo. See README.md beside them.
struct DemoFiles {
    struct Target {
        let feature, value, minimum, maximum: String
    }

    let volunteersFile = PackageResources.demo_volunteers_csv
    let targetsFile = PackageResources.demo_targets_csv

    var targets: [Target] {
        get throws {
            try CSVTable(parsing: targetsFile).rows.map { row in
                Target(feature: row["feature"] ?? "", value: row["value"] ?? "", minimum: row["min"] ?? "", maximum: row["max"] ?? "")
            }
        }
    }

    /// The references of those who count towards a target.
    func volunteers(having target: Target) throws -> Set<String> {
        Set(try CSVTable(parsing: volunteersFile).rows.filter { $0[target.feature] == target.value }.compactMap { $0["id"] })
    }
}
