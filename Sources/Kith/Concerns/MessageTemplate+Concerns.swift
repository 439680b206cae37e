extension MessageTemplate {
    /// A concern waits for a safeguarding lead. Nothing of it is said, and in the subject not even that it is one.
    public static let concernReceived = MessageTemplate(
        module: "core", "concern_received", "When a concern has come in, for those who look after it", kind: .urgent, isConfidential: true,
        texts: [
            "en": Text(
                "Something is waiting for you in {{network}}",
                """
                Hello {{name}},

                A concern has been raised in {{network}}, and you are one of the people who look after concerns.

                Please sign in at {{site}} to read it and to say that you have received it. It cannot be sent by e-mail or post.
                """),
            "cy": Text(
                "Mae rhywbeth yn aros amdanoch yn {{network}}",
                """
                Helo {{name}},

                Mae pryder wedi'i godi yn {{network}}, ac rydych chi'n un o'r bobl sy'n gofalu am bryderon.

                Mewngofnodwch yn {{site}} i'w ddarllen ac i ddweud eich bod wedi'i dderbyn. Ni ellir ei anfon drwy e-bost na'r post.
                """),
        ])

    /// Whoever raised a concern has been heard. It does not say what they raised, in case somebody else reads their mail.
    public static let concernKept = MessageTemplate(
        module: "core", "concern_kept", "When you have raised a concern, to you", kind: .urgent, isConfidential: true,
        texts: [
            "en": Text(
                "We have received what you sent",
                """
                Hello {{name}},

                What you sent to {{network}} has been received. It is private, so it is not in this message.

                You can read it, and see who has answered, when you sign in at {{site}}

                If somebody is in danger now, call 999.
                """),
            "cy": Text(
                "Rydym wedi derbyn yr hyn a anfonoch",
                """
                Helo {{name}},

                Mae'r hyn a anfonoch at {{network}} wedi'i dderbyn. Mae'n breifat, felly nid yw yn y neges hon.

                Gallwch ei ddarllen, a gweld pwy sydd wedi ateb, wrth fewngofnodi yn {{site}}

                Os oes rhywun mewn perygl nawr, ffoniwch 999.
                """),
        ])
}
