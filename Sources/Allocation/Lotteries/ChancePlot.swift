/// Everyone's chance of a seat as a picture (SVG): one bar a person from the least chance to the greatest, a line for the equal chance. Who is
/// who is not in it.
public struct ChancePlot: Sendable {
    /// Everyone's chance, by id.
    public let chances: [String: Double]

    /// The ids of the panel, to mark after the draw; empty before it.
    public let panel: Set<String>

    /// Chances to compare with, such as those under other targets, drawn as a line from the least to the greatest.
    public let compared: [Double]

    /// A picture of chances.
    public init(_ chances: [String: Double], panel: some Sequence<String> = [], compared: some Sequence<Double> = []) {
        self.chances = chances
        self.panel = Set(panel)
        self.compared = compared.sorted()
    }

    private static let (width, height, margin) = (800.0, 400.0, 50.0)

    /// The picture.
    public var svg: String {
        // By id where chances are equal, so that the same chances give the same picture.
        let people = chances.sorted { $0.value == $1.value ? $0.key.precedes($1.key) : $0.value < $1.value }
        let equal = people.isEmpty ? 0 : people.reduce(0) { $0 + $1.value } / Double(people.count)
        let top = max(people.last?.value ?? 1, compared.last ?? 0, 1e-9)
        let bar = (Self.width - 2 * Self.margin) / Double(max(1, people.count))
        func y(_ chance: Double) -> Double { Self.height - Self.margin - chance / top * (Self.height - 2 * Self.margin) }
        var lines = [
            #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 400" role="img" font-family="sans-serif" font-size="14">"#,
            "<title>Everyone's chance of a seat, from the least to the greatest</title>",
            #"<rect width="800" height="400" fill="white"/>"#,
        ]
        for (index, person) in people.enumerated() {
            let colour = panel.contains(person.key) ? "#b3261e" : "#7fa7c9"
            let x = Self.margin + Double(index) * bar
            lines.append(
                #"<rect x="\#(x.short)" y="\#(y(person.value).short)" width="\#(max(bar * 0.9, 0.2).short)" "#
                    + #"height="\#((Self.height - Self.margin - y(person.value)).short)" fill="\#(colour)"/>"#)
        }
        if compared.count > 1 {
            let step = (Self.width - 2 * Self.margin) / Double(compared.count - 1)
            let points = compared.enumerated().map { "\((Self.margin + Double($0.offset) * step).short),\(y($0.element).short)" }
            lines.append(##"<polyline points="\##(points.joined(separator: " "))" fill="none" stroke="#222" stroke-dasharray="2 3"/>"##)
        }
        lines += [
            ##"<line x1="50" x2="750" y1="\##(y(equal).short)" y2="\##(y(equal).short)" stroke="#444" stroke-dasharray="6 4"/>"##,
            ##"<text x="745" y="\##((y(equal) - 6).short)" text-anchor="end" fill="#444">equal: \##(equal.percent)</text>"##,
            #"<line x1="50" x2="750" y1="350" y2="350" stroke="black"/>"#,
            #"<text x="50" y="372">least: \#((people.first?.value ?? 0).percent)</text>"#,
            #"<text x="750" y="372" text-anchor="end">greatest: \#((people.last?.value ?? 0).percent)</text>"#,
            #"<text x="50" y="30">\#(people.count) people, \#(panel.isEmpty ? "before the draw" : "\(panel.count) drawn, in red")</text>"#,
            "</svg>",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Double {
    /// To a hundredth, the same on every machine.
    fileprivate var short: String { String((self * 100).rounded() / 100) }

    /// As a percentage to a tenth.
    package var percent: String { "\((self * 1000).rounded() / 10) %" }
}
