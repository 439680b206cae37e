public import Allocation
public import PluginKit

extension PanelTarget {
    /// As the API and the files of draws show it.
    var json: JSON {
        [
            "feature": .string(feature), "value": .string(value), "minimum": .integer(Int64(minimum)), "maximum": .integer(Int64(maximum)),
        ]
    }
}

extension PanelTarget: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
