import ServiceLifecycle

/// A part of the proxy with a beginning and an end of its own, as a service of the group: the group ends its services one by one, the
/// last first.
struct StoppableService: Service {
    let begin: @Sendable () async throws -> Void
    let end: @Sendable () async throws -> Void

    func run() async throws {
        try await begin()
        try? await gracefulShutdown()
        try await end()
    }
}
