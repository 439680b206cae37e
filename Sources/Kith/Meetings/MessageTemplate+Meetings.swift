extension MessageTemplate {
    static let meetings: [MessageTemplate] = [.meetingInvitation, .meetingChanged, .meetingCalledOff, .meetingUninvited]

    /// Somebody is asked to a meeting.
    static let meetingInvitation = meeting(
        "meeting_invitation", "When you are asked to a meeting", .expected,
        english: Text(
            "You are invited to a meeting on {{date}}",
            """
            Hello {{name}},

            You are invited to a meeting: {{meeting}} ({{activity}}).

            When: {{when}}

            Where:
            {{where}}

            Please say whether you are coming: sign in at {{site}}, or tell the people who run {{network}}. You do not have to come, and you need not say why.

            If you need something in order to take part, such as an interpreter, a break or somebody with you, say so in the same way.
            """),
        welsh: Text(
            "Gwahoddiad i gyfarfod: {{date}}",
            """
            Helo {{name}},

            Mae gwahoddiad i chi i gyfarfod: {{meeting}} ({{activity}}).

            Pryd: {{when}}

            Ble:
            {{where}}

            Rhowch wybod a ydych yn dod: mewngofnodwch yn {{site}}, neu dywedwch wrth y bobl sy'n rhedeg {{network}}. Nid oes rhaid i chi ddod, ac nid oes angen rhoi rheswm.

            Os oes angen rhywbeth arnoch er mwyn cymryd rhan, fel cyfieithydd, egwyl neu rywun gyda chi, dywedwch hynny yn yr un ffordd.
            """))

    /// A meeting is at another time or place.
    static let meetingChanged = meeting(
        "meeting_changed", "When a meeting that you are asked to is at another time or place", .expected,
        english: Text(
            "A meeting that you are invited to has changed: {{date}}",
            """
            Hello {{name}},

            The time or place of a meeting has changed: {{meeting}} ({{activity}}). This is how it stands now.

            When: {{when}}

            Where:
            {{where}}

            If you can no longer come, sign in at {{site}} or tell the people who run {{network}}. You need not say why.

            If something was arranged for you, such as an interpreter or transport, it is being arranged again.
            """),
        welsh: Text(
            "Mae cyfarfod wedi newid: {{date}}",
            """
            Helo {{name}},

            Mae amser neu le cyfarfod wedi newid: {{meeting}} ({{activity}}). Dyma'r trefniadau nawr.

            Pryd: {{when}}

            Ble:
            {{where}}

            Os na allwch ddod bellach, mewngofnodwch yn {{site}} neu dywedwch wrth y bobl sy'n rhedeg {{network}}. Nid oes angen rhoi rheswm.

            Os oedd rhywbeth wedi'i drefnu i chi, fel cyfieithydd neu gludiant, mae'n cael ei drefnu eto.
            """))

    /// A meeting does not take place.
    static let meetingCalledOff = meeting(
        "meeting_called_off", "When a meeting that you were asked to does not take place", .calledOff,
        english: Text(
            "A meeting is called off: {{date}}",
            """
            Hello {{name}},

            A meeting that you were invited to will not take place: {{meeting}} ({{activity}}), {{when}}.

            You need not do anything. If you have questions, ask the people who run {{network}}.
            """),
        welsh: Text(
            "Mae cyfarfod wedi'i ganslo: {{date}}",
            """
            Helo {{name}},

            Ni fydd cyfarfod yr oedd gwahoddiad i chi iddo yn cael ei gynnal: {{meeting}} ({{activity}}), {{when}}.

            Nid oes angen i chi wneud dim. Os oes gennych gwestiynau, gofynnwch i'r bobl sy'n rhedeg {{network}}.
            """), leavingOut: ["where"])

    /// An invitation was taken back.
    static let meetingUninvited = meeting(
        "meeting_uninvited", "When an invitation to a meeting is taken back", .uninvited,
        english: Text(
            "You are no longer expected at a meeting on {{date}}",
            """
            Hello {{name}},

            You are no longer expected at this meeting: {{meeting}} ({{activity}}), {{when}}.

            You need not do anything. If you think that this is a mistake, tell the people who run {{network}}.
            """),
        welsh: Text(
            "Nid oes disgwyl i chi ddod i gyfarfod bellach: {{date}}",
            """
            Helo {{name}},

            Nid oes disgwyl i chi ddod i'r cyfarfod hwn bellach: {{meeting}} ({{activity}}), {{when}}.

            Nid oes angen i chi wneud dim. Os ydych yn meddwl mai camgymeriad yw hyn, dywedwch wrth y bobl sy'n rhedeg {{network}}.
            """), leavingOut: ["where"])

    private static func meeting(
        _ name: String, _ summary: String, _ standing: MeetingMessage.Standing, english: Text, welsh: Text,
        leavingOut unused: Set<String> = []
    ) -> MessageTemplate {
        MessageTemplate(
            module: "core", name, summary, placeholders: MeetingMessage.placeholders.subtracting(unused),
            texts: ["en": english, "cy": welsh]
        ) { try await MeetingMessage.values(standing, $0, $1, $2) }
    }
}
