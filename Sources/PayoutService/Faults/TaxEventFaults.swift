enum TaxEventFaults {
    static let all = [
        Fault(
            name: "tax-event-lost", policy: .taxEvents,
            about: "A payment publishes no tax event: what it withheld is never booked as tax."
        ) { policies in
            policies.taxEvents.publish = { _ in [] }
        },
        Fault(
            name: "tax-event-twice", policy: .taxEvents,
            about: "A payment publishes its tax event twice; only the tax worker's inbox keeps the tax from being booked twice."
        ) { policies in
            policies.taxEvents.publish = { event in
                var again = event
                again.name += ".again"
                // The row's own id has to differ; what it carries is the same event.
                if case .text(let id) = again.arguments[0] { again.arguments[0] = .text(id + "-again") }
                return [event, again]
            }
        },
    ]
}
