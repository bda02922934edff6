internal import GRDB

/// The table of a state folder that says how far its evidence has come on its way to a shared store. It is there once the folder has been
/// used with one.
enum ShippingSchema {
    static let schema = StateSchema(
        module: "shipping",
        steps: [
            { db in
                try db.execute(
                    sql: """
                        CREATE TABLE shipping(
                            id INTEGER PRIMARY KEY CHECK (id = 1),
                            folder TEXT NOT NULL,              -- names this folder in the shared store
                            instance TEXT NOT NULL,            -- what the proxy is called unless the configuration says
                            shipped INTEGER NOT NULL,          -- evidence up to here (seq) is in the shared store
                            alerted INTEGER NOT NULL,          -- evidence up to here has been told by this folder's own desk
                            attached INTEGER NOT NULL,         -- whether the last run used a shared store
                            lost INTEGER NOT NULL              -- evidence that went, or could not be read, before it was shipped
                        ) STRICT;
                        """)
            }
        ])
}
