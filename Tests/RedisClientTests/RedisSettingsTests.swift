#if Redis
    import Foundation
    import TestKit
    import Testing

    @testable import RedisClient

    @Suite struct RedisSettingsTests {
        @Test func theWholeAddressIsRead() throws {
            let settings = try RedisSettings(
                "redis://app:s%40cret%3A@cache.bank:6400/3?pool=4&timeout=120&failures=9&prefix=core%3A")
            #expect(settings.host == "cache.bank")
            #expect(settings.port == 6_400)
            #expect(settings.database == 3)
            #expect(settings.user == "app")
            #expect(settings.password == "s@cret:")
            #expect(settings.poolSize == 4)
            #expect(settings.timeoutMilliseconds == 120)
            #expect(settings.failuresMax == 9)
            #expect(settings.prefix == "core:")
            #expect(settings.place == "redis://cache.bank:6400/3")
        }

        @Test func whatIsLeftOutHasADefault() throws {
            let settings = try RedisSettings("redis://[::1]")
            #expect((settings.host, settings.port, settings.database) == ("::1", 6_379, 0))
            #expect((settings.user, settings.password) == (nil, nil))
            #expect((settings.poolSize, settings.timeoutMilliseconds, settings.failuresMax) == (2, 50, 5))
            #expect(settings.place == "redis://[::1]:6379/0")
            #expect(try RedisSettings("redis://:secret@h").password == "secret")
        }

        @Test(arguments: [
            ("rediss://h:6379", "TLS sidecar"),
            ("http://h", "begins with redis://"),
            ("redis://", "names no host"),
            ("redis://:6379", "names no host"),
            ("redis://h:0", "the port takes a whole number from 1 to 65535, not \"0\""),
            ("redis://h:x", "not \"x\""),
            ("redis://[::1]x", "where its port should stand"),
            ("redis://h/one", "the database's number"),
            ("redis://h?pool=0", "`pool` takes a whole number from 1 to 64"),
            ("redis://h?timeout=5s", "`timeout`"),
            ("redis://h?ssl=true", "no parameter `ssl`"),
            ("redis://app@h", "names a user and no password"),
            ("redis://app:a%zz@h", "write it as %25"),
            ("redis://:hidden@h?password_file=/nowhere", "leave one out"),
            ("redis://h?password_file=/nowhere/at/all", "/nowhere/at/all can't be read"),
        ]) func whatCannotBeUsedIsNamed(_ address: String, _ part: String) {
            let refusal = #expect(throws: RedisSettings.Refusal.self) { try RedisSettings(address) }
            #expect(refusal?.description.contains(part) == true, "\(refusal?.description ?? "")")
            #expect(refusal?.description.contains("hidden") == false)
        }

        @Test func aPasswordMayStandInAFile() throws {
            let folder = try TemporaryDirectory()
            let file = try folder.write("se cret\n", to: "password")
            #expect(
                try RedisSettings("redis://app:@h".replacing("app:@", with: "") + "?password_file=\(file)").password == "se cret")
            let empty = try folder.write("\n", to: "empty")
            #expect(throws: RedisSettings.Refusal.self) { try RedisSettings("redis://h?password_file=\(empty)") }
        }
    }
#endif
