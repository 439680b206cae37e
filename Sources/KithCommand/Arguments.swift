public import Allocation
public import ArgumentParser
public import Kith

// The enumerations of the domain as arguments: by their names in the API, listed in the help and completed by the shell.
extension AccessEnquiries.Outcome: ExpressibleByArgument {}
extension AccessNeeds.Audience: ExpressibleByArgument {}
extension AccessNeeds.Kind: ExpressibleByArgument {}
extension Channel: ExpressibleByArgument {}
extension Channel.Recorded: ExpressibleByArgument {}
extension Complaints.Closing.Choice: ExpressibleByArgument {}
extension Complaints.Kind: ExpressibleByArgument {}
extension MeetingInvitations.Attendance: ExpressibleByArgument {}
extension MeetingInvitations.Reply: ExpressibleByArgument {}
extension MeetingInvitations.Way: ExpressibleByArgument {}
extension MeetingNeeds.Step: ExpressibleByArgument {}
extension Organisations.Kind: ExpressibleByArgument {}
extension PanelAlgorithm: ExpressibleByArgument {}
extension People.Channel: ExpressibleByArgument {}
extension ProgrammeOrganisations.Part: ExpressibleByArgument {}
extension Role: ExpressibleByArgument {}
extension TokenScope: ExpressibleByArgument {}
extension Messages.State: ExpressibleByArgument {}
extension MessagePreferences.Digest: ExpressibleByArgument {}
extension WebhookDeliveries.State: ExpressibleByArgument {}
