import Testing

@testable import Outbound

@Suite("Which addresses may be connected to")
struct AddressPolicyTests {
    /// On either side of each network's edge.
    @Test(
        "scopes",
        arguments: [
            ("8.8.8.8", SocketAddress.Scope.global), ("9.255.255.255", .global), ("10.0.0.0", .local), ("10.255.255.255", .local),
            ("11.0.0.0", .global), ("127.0.0.1", .local), ("128.0.0.1", .global), ("172.15.255.255", .global),
            ("172.16.0.0", .local),
            ("172.31.255.255", .local), ("172.32.0.0", .global), ("192.167.255.255", .global), ("192.168.0.1", .local),
            ("192.169.0.0", .global), ("100.63.255.255", .global), ("100.64.0.0", .local), ("100.127.255.255", .local),
            ("100.128.0.0", .global), ("100.100.100.200", .never), ("169.253.255.255", .global), ("169.254.0.1", .never),
            ("169.254.169.254", .never), ("169.255.0.0", .global), ("0.0.0.0", .never), ("0.0.0.1", .local),
            ("223.255.255.255", .global), ("224.0.0.1", .never), ("239.255.255.255", .never), ("240.0.0.1", .local),
            ("255.255.255.255", .never), ("192.0.0.192", .never), ("::", .never), ("::1", .local), ("fe80::1", .never),
            ("febf::1", .never), ("fec0::1", .local), ("fc00::1", .local), ("fdff::1", .local), ("fd00:ec2::254", .never),
            ("ff02::1", .never), ("2606:4700::1111", .global), ("2001:db8::1", .local), ("::ffff:127.0.0.1", .local),
            ("::ffff:169.254.169.254", .never), ("::ffff:8.8.8.8", .global), ("64:ff9b::a9fe:a9fe", .never),
            ("2002:7f00:1::", .local), ("2002:808:808::", .global), ("4000::1", .local),
        ])
    func scope(text: String, expected: SocketAddress.Scope) throws {
        #expect(try #require(SocketAddress(text)).scope == expected)
    }

    @Test(
        "names, ports and half addresses are no addresses",
        arguments: ["", "localhost", "1.2.3", "1.2.3.4:80", "[::1]", "0x7f000001"])
    func notAnAddress(text: String) { #expect(SocketAddress(text) == nil) }

    @Test("a policy allows its own scope, and nothing allows metadata services")
    func policies() throws {
        let loopback = try #require(SocketAddress("127.0.0.1"))
        let mapped = try #require(SocketAddress("::ffff:127.0.0.1"))
        let global = try #require(SocketAddress("8.8.8.8"))
        let metadata = try #require(SocketAddress("169.254.169.254"))
        #expect(AddressPolicy.any.allows(loopback))
        #expect(AddressPolicy.any.allows(global))
        #expect(!AddressPolicy.any.allows(metadata))
        #expect(!AddressPolicy.publicAnd([]).allows(loopback))
        #expect(!AddressPolicy.publicAnd([]).allows(mapped))
        #expect(AddressPolicy.publicAnd([]).allows(global))
        #expect(AddressPolicy.pinned(["127.0.0.1"]).allows(mapped))
        #expect(!AddressPolicy.pinned(["127.0.0.1"]).allows(global))
        #expect(!AddressPolicy.pinned(["169.254.169.254"]).allows(metadata))
        #expect(!AddressPolicy.pinned([]).allows(global))
    }

    @Test(
        "a network holds its addresses and none beside it; what is never reached stays so",
        arguments: [
            ("10.1.0.0/16", "10.1.255.255", true), ("10.1.0.0/16", "10.2.0.0", false), ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false), ("10.0.0.0/9", "10.127.255.255", true), ("10.0.0.0/9", "10.128.0.0", false),
            ("127.0.0.0/8", "::ffff:127.0.0.1", true), ("fd00::/8", "fd12::1", true), ("fd00::/8", "fc00::1", false),
            ("0.0.0.0/0", "192.168.0.1", true), ("0.0.0.0/0", "169.254.169.254", false), ("0.0.0.0/0", "::1", false),
            ("fe80::/10", "fe80::1", false), ("fd00::/8", "fd00:ec2::254", false),
        ])
    func networks(range: String, address: String, isAllowed: Bool) throws {
        let network = try #require(AddressNetwork(range))
        let address = try #require(SocketAddress(address))
        #expect(AddressPolicy.publicAnd([network]).allows(address) == isAllowed)
    }

    @Test(
        "what is no network is refused",
        arguments: ["", "10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "x/8", "::/129", "10.0.0.0/", "1.1.1.1/8/8", "10.0.0.0/-1"])
    func noNetworks(text: String) { #expect(AddressNetwork(text) == nil) }
}
