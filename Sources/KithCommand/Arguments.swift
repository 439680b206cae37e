public import Allocation
public import ArgumentParser
public import Kith

// The enumerations of the domain as arguments: by their names in the API, listed in the help and completed by the shell.
extension Organisations.Kind: ExpressibleByArgument {}
extension PanelAlgorithm: ExpressibleByArgument {}
extension People.Channel: ExpressibleByArgument {}
extension ProgrammeOrganisations.Part: ExpressibleByArgument {}
extension Role: ExpressibleByArgument {}
extension TokenScope: ExpressibleByArgument {}
extension Messages.State: ExpressibleByArgument {}
extension MessagePreferences.Digest: ExpressibleByArgument {}
extension WebhookDeliveries.State: ExpressibleByArgument {}
