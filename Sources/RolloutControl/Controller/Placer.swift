internal import Migration

/// The one way to the lanes. What takes share away goes before everything: it waits for no file, no store and no order that is being
/// carried out, and whatever is placed while it is under way is placed without that share.
actor Placer {
    private let plane: any TrafficPlane
    private let turns = Turns()
    private var table: PlacementTable
    private var killsUnderWay = 0
    private var rollbacksUnderWay = 0
    private var isRetired = false
    private var placed: PlacementTable?

    init(plane: any TrafficPlane, table: PlacementTable) {
        self.plane = plane
        self.table = table
    }

    /// The lanes obey when it returns.
    func place(_ table: PlacementTable) async {
        self.table = table
        await push()
    }

    /// All keys to the legacy, until ``killEnded()``; false once the legacy is retired: nothing can go back to it.
    func kill() async -> Bool {
        if isRetired { return false }
        killsUnderWay += 1
        await push()
        return true
    }

    /// What the kill came to is in the table by now.
    func killEnded() async {
        killsUnderWay -= 1
        await push()
    }

    /// Everybody to the shadow, until ``rollbackEnded()``; false once the legacy is retired, and then there is nothing to end.
    func rollBack() async -> Bool {
        if isRetired { return false }
        rollbacksUnderWay += 1
        await push()
        return true
    }

    func rollbackEnded() async {
        rollbacksUnderWay -= 1
        await push()
    }

    func retire() async {
        isRetired = true
        await plane.retire()
    }

    private func push() async {
        await turns.enter()
        var wanted = table
        if !isRetired {
            if killsUnderWay > 0 { wanted.isKilled = true }
            if rollbacksUnderWay > 0 { wanted.shares = wanted.shares.map { _ in .none } }
        }
        if wanted != placed {
            await plane.place(wanted)
            placed = wanted
        }
        await turns.leave()
    }
}
