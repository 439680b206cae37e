import SMTP
public import struct FoundationEssentials.Date
public import struct FoundationEssentials.Calendar
public import struct FoundationEssentials.TimeZone

/// Entries as an iCalendar object (RFC 5545): a feed, or an invitation to send (RFC 5546).
public struct CalendarDocument: Sendable {
    /// What an object that is sent asks of its reader.
    public enum Method: String, Sendable {
        case publish = "PUBLISH"
        case request = "REQUEST"
        case cancel = "CANCEL"
    }

    /// One entry.
    public struct Entry: Sendable {
        /// What makes it the same entry in every version, unique in the world.
        public var uid: String
        /// Counts the changes: a reader takes the higher one.
        public var sequence: Int
        /// When this version was made.
        public var changedAt: Date
        /// When it begins.
        public var startsAt: Date
        /// When it ends; nil for a moment.
        public var endsAt: Date?
        /// What it is, without anything confidential.
        public var summary: String
        /// Where it is.
        public var location: String?
        /// Whether it takes place no more.
        public var isCancelled: Bool

        /// Makes an entry.
        public init(
            uid: String, sequence: Int = 0, changedAt: Date, startsAt: Date, endsAt: Date? = nil, summary: String, location: String? = nil,
            isCancelled: Bool = false
        ) {
            self.uid = uid
            self.sequence = sequence
            self.changedAt = changedAt
            self.startsAt = startsAt
            self.endsAt = endsAt
            self.summary = summary
            self.location = location
            self.isCancelled = isCancelled
        }
    }

    /// What readers call it.
    public var name: String
    /// What it asks of its reader.
    public var method: Method
    /// Who invites and who is invited, by their addresses; needed where it is sent.
    public var organiser: String?, attendee: String?
    /// The entries.
    public var entries: [Entry]

    /// Makes an object.
    public init(name: String, method: Method = .publish, organiser: String? = nil, attendee: String? = nil, entries: [Entry]) {
        self.name = name
        self.method = method
        self.organiser = organiser
        self.attendee = attendee
        self.entries = entries
    }

    /// The object as it is sent from one address to another.
    func sent(from organiser: EmailAddress, to attendee: EmailAddress) -> CalendarDocument {
        var document = self
        (document.organiser, document.attendee) = (organiser.description, attendee.description)
        return document
    }

    /// The object as it travels: lines of at most 75 bytes with CRLF, all times in UTC.
    public var text: String {
        var lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kith//Kith//EN", "METHOD:\(method.rawValue)", "X-WR-CALNAME:\(Self.escape(name))",
        ]
        for entry in entries {
            lines += [
                "BEGIN:VEVENT", "UID:\(Self.escape(entry.uid))", "SEQUENCE:\(entry.sequence)", "DTSTAMP:\(Self.time(entry.changedAt))",
            ]
            lines.append("DTSTART:\(Self.time(entry.startsAt))")
            if let end = entry.endsAt { lines.append("DTEND:\(Self.time(end))") }
            lines.append("SUMMARY:\(Self.escape(entry.summary))")
            if let location = entry.location { lines.append("LOCATION:\(Self.escape(location))") }
            lines.append("STATUS:\(entry.isCancelled || method == .cancel ? "CANCELLED" : "CONFIRMED")")
            if let organiser { lines.append("ORGANIZER:mailto:\(organiser)") }
            // Nobody reads what a calendar program would answer: people answer in Kith, or tell somebody.
            if let attendee { lines.append("ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:\(attendee)") }
            lines.append("END:VEVENT")
        }
        lines.append("END:VCALENDAR")
        return lines.map(Self.fold).joined()
    }

    // RFC 5545, section 3.3.11. Other control characters have no place in a text there.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.replacing("\r\n", with: "\n").unicodeScalars {
            switch scalar {
            case "\\", ";", ",": escaped += "\\\(scalar)"
            case "\n", "\r": escaped += "\\n"
            case _ where scalar.value < 0x20 && scalar != "\t" || scalar.value == 0x7f: continue
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    // RFC 5545, section 3.1: at most 75 bytes, a character never cut in two.
    static func fold(_ line: String) -> String {
        var folded = ""
        var column = 0
        for scalar in line.unicodeScalars {
            let width = UTF8.width(scalar)
            if column + width > 75 {
                folded += "\r\n "
                column = 1
            }
            folded.unicodeScalars.append(scalar)
            column += width
        }
        return folded + "\r\n"
    }

    static func time(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        func digits(_ number: Int?, _ count: Int = 2) -> String {
            let text = String(number ?? 0)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return digits(parts.year, 4) + digits(parts.month) + digits(parts.day) + "T" + digits(parts.hour) + digits(parts.minute)
            + digits(parts.second) + "Z"
    }
}
