extension MessageTemplate {
    /// Something was done about a complaint, for whoever raised it, also after they have left.
    static let complaintNews = MessageTemplate(
        module: "core", "complaint_news", "When something is done about your complaint", isConfidential: true, outlivesLeaving: true,
        texts: [
            "en": Text(
                "There is news for you from {{network}}",
                """
                Hello {{name}},

                Something has been done about what you complained of in {{network}}. It is private, so it is not in this message.

                You can read it when you sign in at {{site}}. That works also if you have left {{network}}.
                """),
            "cy": Text(
                "Mae newyddion i chi gan {{network}}",
                """
                Helo {{name}},

                Mae rhywbeth wedi'i wneud am eich cwyn yn {{network}}. Mae'n breifat, felly nid yw yn y neges hon.

                Gallwch ei ddarllen wrth fewngofnodi yn {{site}}. Mae hynny'n gweithio hefyd os ydych wedi gadael {{network}}.
                """),
        ])
}
