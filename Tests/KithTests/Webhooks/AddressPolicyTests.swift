import Testing
@testable import Kith
import struct FoundationEssentials.Data

@Suite struct AddressPolicyTests {
    @Test(arguments: [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
        "192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:101::", "2001::1",
        "2001:db8::1", "::127.0.0.1", "fec0::1", "100::1", "3fff::1", "fd00:ec2::254",
    ])
    func `No address inside is called`(address: String) throws {
        #expect(!AddressPolicy().permits(try #require(AddressRange.bytes(address))))
    }

    @Test(arguments: [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "193.0.0.1",
        "223.255.255.1",
        "2606:4700::1111", "2a00:1450::1", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::",
    ])
    func `Addresses of the public internet are called`(address: String) throws {
        #expect(AddressPolicy().permits(try #require(AddressRange.bytes(address))))
    }

    @Test func `A site may allow some, and only those`() throws {
        let policy = AddressPolicy(allowing: [try #require(AddressRange("10.1.0.0/16")), try #require(AddressRange("fd00:1::/32"))])
        #expect(policy.permits([10, 1, 255, 255]) && !policy.permits([10, 2, 0, 0]))
        #expect(policy.permits(AddressRange.bytes("fd00:1::5")!) && !policy.permits(AddressRange.bytes("fd00:2::5")!))
        for wrong in ["10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "a", "", "10.0.0.0/8/8", "::/129"] { #expect(AddressRange(wrong) == nil) }
    }

    @Test(arguments: [
        "ftp://a.example/", "https://", "https://user@a.example/", "https://a.example#b", "https://a.example\\@b.example/", "https://a b/",
        "https://a.example:0/", "https://a.example:70000/", "javascript:alert(1)", "https://bücher.example/", "https://[fe80::1%25eth0]/",
        "https://a_b.example/", "//a.example/", "http+unix://%2ftmp%2fa/", "https://a.example/\r\nX: y",
    ])
    func `An address in which two readers may see two hosts is not taken`(url: String) {
        #expect(WebhookTarget(url) == nil)
    }

    @Test func `Other ways to write an address lead to the same check`() throws {
        for url in ["http://2130706433/", "http://0x7f000001/", "http://127.1/", "http://localhost/", "http://[::ffff:127.0.0.1]/"] {
            let addresses = try #require(WebhookTarget(url)).resolve()
            #expect(!addresses.isEmpty && !addresses.contains { AddressPolicy().permits($0) }, "\(url)")
        }
        #expect(WebhookTarget("https://A.Example/x?y=z")?.url == "https://a.example:443/x?y=z")
    }

    // The example of the specification.
    @Test func `A call is signed as Standard Webhooks says`() throws {
        let secret = WebhookSecret(bytes: Array(try #require(Data(base64Encoded: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))))
        #expect(secret.text == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let signature = secret.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }
}
