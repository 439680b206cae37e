public import Postgres

/// What a person is trusted with, in the whole network or in one programme.
public enum Role: String, Sendable, CaseIterable, PostgresCodable {
    case administrator
    case programmeLead = "programme_lead"
    case facilitator
    case participant
    case observer
    case safeguardingLead = "safeguarding_lead"
    case paymentsOfficer = "payments_officer"
    case auditor
    /// Sees access needs and arranges them; never also somebody who selects.
    case accessCoordinator = "access_coordinator"
    /// Reads and answers complaints.
    case complaintsHandler = "complaints_handler"
}
