import Kith
@testable import KithClient
import Testing

struct ClientErrorTests {
    private func error(_ status: Int, _ problem: JSON, isSignedIn: Bool = true) -> ClientError {
        .refused(status: status, problem: problem, isSignedIn: isSignedIn)
    }

    @Test func everyFieldIsNamed() {
        let error = error(
            422,
            [
                "title": "Some fields need correcting", "detail": "Correct them and send it again.",
                "errors": [
                    ["pointer": "/name", "detail": "This must not be empty."],
                    ["pointer": "/rows/3/age", "detail": "Give an answer."],
                    ["pointer": "/rows/4", "detail": "There are 2 fields."],
                ],
            ])
        #expect(
            error.description == """
                Some fields need correcting.
                Correct them and send it again.
                  name: This must not be empty.
                  Row 3, column "age": Give an answer.
                  Row 4: There are 2 fields.
                """)
        #expect(error.exitStatus == .badData)
    }

    @Test func whoeverIsNotSignedInIsToldHow() {
        let refusal: JSON = ["title": "Please sign in", "detail": .string(Refusal.unauthenticated.detail)]
        let error = error(401, refusal, isSignedIn: false)
        #expect(error.description.contains("kith sign-in") && error.description.contains("kith invitation accept"))
        #expect(error.exitStatus == .notAllowed)
        #expect(self.error(401, refusal).description.contains("signed out by now"))
    }

    @Test func whoeverMistypedTheirPasswordIsToldThat() {
        for isSignedIn in [true, false] {
            let error = error(401, ["title": "Please sign in", "detail": "Check both."], isSignedIn: isSignedIn)
            #expect(error.description == "Please sign in.\nCheck both.")
        }
    }

    @Test func theRequestIsNamedWhereTheServerIsAtFault() {
        let error = error(500, ["title": "Something went wrong in Kith", "detail": "Try again.", "request_id": "0198"])
        #expect(error.description.hasSuffix("Request id: 0198"))
        #expect(error.exitStatus == .refused)
    }

    @Test(arguments: [(403, CommandStatus.notAllowed), (404, .refused), (409, .refused), (400, .badData), (503, .unreachable)])
    func theStatusDecidesTheExitCode(status: Int, expected: CommandStatus) {
        #expect(error(status, ["title": "No"]).exitStatus == expected)
    }

    @Test func anAnswerThatIsNoProblemDocumentIsNotPrinted() {
        #expect(error(502, .null).description.contains("nothing that Kith would say"))
    }
}

struct ServerEventTests {
    @Test func eventsAreReadOutOfChunksThatEndAnywhere() {
        let stream = Array(":\n\nid: 7\nevent: panel.created\ndata: {\"kind\":\"panel.created\"}\n\nid: 8\nevent: x\ndata: 1\n\n".utf8)
        for size in 1...stream.count {
            var parser = ServerEventParser()
            let events = stride(from: 0, to: stream.count, by: size).flatMap { parser.read(stream[$0..<min($0 + size, stream.count)]) }
            #expect(events.map(\.id) == ["7", "8"])
            #expect(events.first?.data["kind"]?.string == "panel.created")
        }
    }
}

struct ProgressBarTests {
    @Test(arguments: [(-1.0, "  0 %"), (0.5, " 50 %"), (2.0, "100 %")])
    func theShareIsShown(progress: Double, text: String) {
        #expect(ProgressBar.line(progress, "Drawing").contains(text))
    }
}
