extension MessageTemplate {
    /// Somebody is invited to join. The code is made when the mail is written, so that it stands nowhere else; an earlier one ends.
    public static let invitation = MessageTemplate(
        module: "core", "invitation", "When somebody is invited to join a network", placeholders: ["code"],
        texts: [
            "en": Text(
                "You are invited to join {{network}}",
                """
                Hello {{name}},

                You are invited to join {{network}}. You do not have to, and you need not say why.

                If you would like to join, go to {{site}} and give this code: {{code}}

                The code works once, for two weeks. If you did not expect this message, you can ignore it.
                """),
            "cy": Text(
                "Gwahoddiad i ymuno â {{network}}",
                """
                Helo {{name}},

                Mae gwahoddiad i chi ymuno â {{network}}. Nid oes rhaid i chi ymuno, ac nid oes angen rhoi rheswm.

                Os hoffech ymuno, ewch i {{site}} a rhowch y cod hwn: {{code}}

                Mae'r cod yn gweithio unwaith, am bythefnos. Os nad oeddech yn disgwyl y neges hon, gallwch ei hanwybyddu.
                """),
        ]
    ) { actor, person, _ in
        Values(["code": try await Invitations.reissue(by: actor, to: person)])
    }

    /// The way in without a password. Whoever sends it renders it at once and queues nothing.
    public static let signInLink = MessageTemplate(
        module: "core", "sign_in_link", "When somebody asks to sign in by e-mail", kind: .urgent, isConfidential: true,
        placeholders: ["link"],
        texts: [
            "en": Text(
                "Your link to sign in",
                """
                Hello,

                Somebody, most likely you, asked to sign in to Kith with this address.

                Open this link in the same browser within 15 minutes: {{link}}

                If it was not you, you can ignore this message. Nobody can sign in without the link.
                """),
            "cy": Text(
                "Eich dolen i fewngofnodi",
                """
                Helo,

                Gofynnodd rhywun, chi fwy na thebyg, am fewngofnodi i Kith gyda'r cyfeiriad hwn.

                Agorwch y ddolen hon yn yr un porwr o fewn 15 munud: {{link}}

                Os nad chi oedd, gallwch anwybyddu'r neges hon. Ni all neb fewngofnodi heb y ddolen.
                """),
        ])

    /// Several messages at once, for whoever asked for that.
    static let digest = MessageTemplate(
        module: "core", "digest", "Once a day or a week, for those who asked for it", isConfidential: true, placeholders: ["items"],
        texts: [
            "en": Text(
                "What is new in {{network}}",
                """
                Hello {{name}},

                This is what has come in for you in {{network}}:

                {{items}}

                To read more, go to {{site}}
                """),
            "cy": Text(
                "Beth sy'n newydd yn {{network}}",
                """
                Helo {{name}},

                Dyma beth sydd wedi dod i chi yn {{network}}:

                {{items}}

                I ddarllen mwy, ewch i {{site}}
                """),
        ])

    /// Something waits that must not be put into a mail or a letter, not even by its name.
    public static let somethingWaits = MessageTemplate(
        module: "core", "something_waits", "When something confidential waits", isConfidential: true,
        texts: [
            "en": Text(
                "Something is waiting for you in {{network}}",
                """
                Hello {{name}},

                Something is waiting for you in {{network}}. It is private, so it is not in this message.

                You can read it when you sign in at {{site}}
                """),
            "cy": Text(
                "Mae rhywbeth yn aros amdanoch yn {{network}}",
                """
                Helo {{name}},

                Mae rhywbeth yn aros amdanoch yn {{network}}. Mae'n breifat, felly nid yw yn y neges hon.

                Gallwch ei ddarllen wrth fewngofnodi yn {{site}}
                """),
        ])

    /// A new password, which its holder may not have set.
    static let passwordChanged = MessageTemplate(
        module: "core", "password_changed", "When the password of an account was set or changed, for its holder", kind: .urgent,
        isConfidential: true,
        texts: [
            "en": Text(
                "Your password was changed",
                """
                Hello {{name}},

                The password with which you sign in to Kith at {{site}} was just set or changed.

                If it was you, you need do nothing. For your safety you were signed out everywhere else, and programs that you had given access to your account have lost it.

                If it was not you, somebody else may be in your account. Sign in with a link by e-mail, which does not need the password, and set a new one at once: that puts them out. Then tell whoever looks after {{network}}.
                """),
            "cy": Text(
                "Newidiwyd eich cyfrinair",
                """
                Helo {{name}},

                Mae'r cyfrinair rydych yn ei ddefnyddio i fewngofnodi i Kith yn {{site}} newydd gael ei osod neu ei newid.

                Os chi a'i newidiodd, nid oes angen i chi wneud dim. Er eich diogelwch, cawsoch eich allgofnodi ym mhob man arall, ac mae rhaglenni yr oeddech wedi rhoi mynediad iddynt i'ch cyfrif wedi'i golli.

                Os nad chi oedd, efallai fod rhywun arall yn eich cyfrif. Mewngofnodwch â dolen drwy e-bost, nad oes angen y cyfrinair arni, a gosodwch un newydd ar unwaith: bydd hynny'n eu cau allan. Yna rhowch wybod i bwy bynnag sy'n gofalu am {{network}}.
                """),
        ])

    /// The templates of the core.
    public static let core: [MessageTemplate] =
        [
            .invitation, .signInLink, .passwordChanged, .digest, .somethingWaits, .concernReceived, .concernKept, .withdrawn,
            .complaintNews,
        ] + meetings + breakGlass
}
