import PluginKit

extension MessageTemplate {
    static let pay: [MessageTemplate] = [payOffered, payNews, payOverdue]

    /// Somebody is offered paid work.
    static let payOffered = MessageTemplate(
        module: ExpertPanels.id, "pay_offered", "When you are offered pay for a piece of work",
        texts: [
            "en": Text(
                "An offer from {{network}}",
                """
                Hello {{name}},

                {{network}} offers you pay for a piece of work. You can accept it, ask for less, donate it or decline it. You need not say why.

                You can read the offer when you sign in at {{site}}, or ask whoever you know in {{network}}.
                """),
            "cy": Text(
                "Cynnig gan {{network}}",
                """
                Helo {{name}},

                Mae {{network}} yn cynnig tâl i chi am ddarn o waith. Gallwch ei dderbyn, gofyn am lai, ei roi neu ei wrthod. Nid oes rhaid i chi ddweud pam.

                Gallwch ddarllen y cynnig wrth fewngofnodi yn {{site}}, neu holi pwy bynnag rydych yn eu hadnabod yn {{network}}.
                """),
        ])

    /// Something was decided about a claim, for whoever made it, also after they have left.
    static let payNews = MessageTemplate(
        module: ExpertPanels.id, "pay_news", "When something that you claimed is corrected, rejected or paid", outlivesLeaving: true,
        texts: [
            "en": Text(
                "News about what you claimed from {{network}}",
                """
                Hello {{name}},

                There is news about something that you claimed from {{network}}: it was corrected, rejected or paid.

                You can read it when you sign in at {{site}}, also if you have left {{network}}.
                """),
            "cy": Text(
                "Newyddion am eich hawliad gan {{network}}",
                """
                Helo {{name}},

                Mae newyddion am rywbeth a hawlioch gan {{network}}: cafodd ei gywiro, ei wrthod neu ei dalu.

                Gallwch ei ddarllen wrth fewngofnodi yn {{site}}, hefyd os ydych wedi gadael {{network}}.
                """),
        ])

    /// A claim has waited for longer than the policy allows, for those who pay.
    static let payOverdue = MessageTemplate(
        module: ExpertPanels.id, "pay_overdue", "When a claim that you could pay is overdue",
        texts: [
            "en": Text(
                "A claim is overdue in {{network}}",
                """
                Hello {{name}},

                Somebody in {{network}} has waited for their money for longer than your pay policy allows.

                You can see which claims are overdue when you sign in at {{site}}.
                """),
            "cy": Text(
                "Mae hawliad yn hwyr yn {{network}}",
                """
                Helo {{name}},

                Mae rhywun yn {{network}} wedi aros am eu harian yn hirach nag y mae eich polisi tâl yn ei ganiatáu.

                Gallwch weld pa hawliadau sy'n hwyr wrth fewngofnodi yn {{site}}.
                """),
        ])
}
