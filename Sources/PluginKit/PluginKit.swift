// The one module that a plugin imports.
@_exported public import ArgumentParser
@_exported public import CSV
@_exported public import Kith
@_exported public import KithAPI
@_exported public import KithClient
@_exported public import Postgres
