import Kith

extension Endpoint {
    static let access: [Endpoint] = [
        .get("get_account", "/account", "Read your own account", .account, returns: Accounts.resource) {
            try await Accounts.me(by: $0.actor)
        },
        .create(
            "create_token", "/tokens", "Make a token for your own account", .account, records: "token.created", returns: Tokens.created,
            answersSecret: true
        ) { try await Tokens.create(by: $0.actor, $0.input, holding: $0.token ?? []) },
        .list("list_tokens", "/tokens", "List your tokens", .account, of: Tokens.resource) { try await Tokens.list(by: $0.actor, $0.page) },
        .end("revoke_token", "/tokens/{token}", "Withdraw a token at once", .account, records: "token.revoked") {
            try await Tokens.revoke(by: $0.actor, $0.id("token"))
        },
        .act(
            "accept_invitation", "/invitations/accept", "Accept an invitation, once", .anyone, records: "invitation.accepted",
            returns: Invitations.accepted, answersSecret: true, body: Invitations.Acceptance.self
        ) { try await Invitations.accept(by: $0.actor, $0.input, holding: $0.token) },
        .create(
            "grant_role", "/networks/{network}/role-grants", "Grant a role", .permission(.manageRoles, .network), records: "role.granted",
            returns: RoleGrants.resource
        ) { try await RoleGrants.create(by: $0.actor, $0.input) },
        .list(
            "list_role_grants", "/networks/{network}/role-grants", "List who is trusted with what", .permission(.readPeople, .network),
            of: RoleGrants.resource, by: RoleGrants.Filters.self
        ) { try await $0.actor.list(RoleGrants.resource, $0.page, where: $0.input.condition) },
        .get(
            "get_role_grant", "/networks/{network}/role-grants/{grant}", "Read a grant", .permission(.readPeople, .network),
            returns: RoleGrants.resource
        ) { try await $0.actor.get(RoleGrants.resource, $0.id("grant")) },
        .end(
            "end_role_grant", "/networks/{network}/role-grants/{grant}", "End a role at once", .permission(.manageRoles, .network),
            records: "role.ended"
        ) {
            try await RoleGrants.end(by: $0.actor, $0.id("grant"))
        },
        .list(
            "list_audit_entries", "/networks/{network}/audit-entries", "Read who did what", .permission(.readAudit, .network),
            of: AuditEntries.resource, by: AuditEntries.Filters.self
        ) { try await $0.actor.list(AuditEntries.resource, $0.page, where: $0.input.condition) },
    ]
}
