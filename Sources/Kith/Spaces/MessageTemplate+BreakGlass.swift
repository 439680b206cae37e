extension MessageTemplate {
    /// Somebody asked to read a space, for its members.
    static let spaceOpeningRequested = MessageTemplate(
        module: "core", "space_opening_requested", "When somebody asks to open a confidential space, for its members", kind: .urgent,
        isConfidential: true,
        texts: [
            "en": Text(
                "Something you should know about {{network}}",
                """
                Hello {{name}},

                Somebody in {{network}} has asked to read a confidential space that you belong to. Nothing is open yet: a second person has to agree.

                You can see who asked, and why, when you sign in at {{site}}
                """),
            "cy": Text(
                "Rhywbeth y dylech ei wybod am {{network}}",
                """
                Helo {{name}},

                Mae rhywun yn {{network}} wedi gofyn am gael darllen gofod cyfrinachol yr ydych yn perthyn iddo. Nid oes dim ar agor eto: rhaid i ail berson gytuno.

                Gallwch weld pwy ofynnodd, a pham, wrth fewngofnodi yn {{site}}
                """),
        ])

    /// Two people may read a space for a time, for its members.
    static let spaceOpened = MessageTemplate(
        module: "core", "space_opened", "When a confidential space is opened to two people, for its members", kind: .urgent,
        isConfidential: true,
        texts: [
            "en": Text(
                "Something you should know about {{network}}",
                """
                Hello {{name}},

                Two people in {{network}} can now read a confidential space that you belong to, for a limited time.

                You can see who they are, why, and until when, when you sign in at {{site}}
                """),
            "cy": Text(
                "Rhywbeth y dylech ei wybod am {{network}}",
                """
                Helo {{name}},

                Gall dau berson yn {{network}} nawr ddarllen gofod cyfrinachol yr ydych yn perthyn iddo, am gyfnod cyfyngedig.

                Gallwch weld pwy ydynt, pam, a than pryd, wrth fewngofnodi yn {{site}}
                """),
        ])

    static let breakGlass: [MessageTemplate] = [.spaceOpeningRequested, .spaceOpened]
}
