import Kith
import Testing

@Suite struct HashTreeTests {
    /// The eight inputs of certificate-transparency-go's and the RFC 6962 reference tests, and the roots over the first one to eight.
    private static let inputs: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43], Array(0x50...0x57), Array(0x60...0x6f),
    ]
    private static let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    /// RFC 6962, section 2.1, word for word: MTH(D[n]).
    private static func defined(_ leaves: ArraySlice<[UInt8]>) -> TreeHash {
        if leaves.isEmpty { return .empty }
        if leaves.count == 1 { return .leaf(leaves[leaves.startIndex]) }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let middle = leaves.startIndex + split
        return HashTree.root([defined(leaves[..<middle]), defined(leaves[middle...])])
    }

    private static func leaves(_ count: Int) -> [TreeHash] { (0..<count).map { .leaf([UInt8($0 & 0xff), UInt8($0 >> 8)]) } }

    @Test func `Roots are those of the reference implementation`() {
        for (count, root) in Self.roots.enumerated() {
            let hash = HashTree.root(Self.inputs[...count].map { TreeHash.leaf($0) })
            #expect(hash.bytes.hexadecimal == root)
        }
    }

    @Test func `A root that grows leaf by leaf is the one that the standard defines`() {
        let inputs = (0..<70).map { [UInt8($0)] }
        for count in 0...inputs.count {
            #expect(HashTree.root(inputs[..<count].map { TreeHash.leaf($0) }) == Self.defined(inputs[..<count]), "\(count)")
        }
    }

    @Test func `Every inclusion proof leads to the root, and to no other place, leaf or size`() throws {
        for size in 1...40 {
            let leaves = Self.leaves(size)
            let root = HashTree.root(leaves)
            for index in 0..<size {
                let path = HashTree.inclusionProof(of: index, in: leaves[...])
                #expect(HashTree.root(provenBy: path, of: leaves[index], at: index, size: size) == root)
                #expect(HashTree.root(provenBy: path, of: .leaf([9, 9, 9]), at: index, size: size) != root)
                #expect(HashTree.root(provenBy: path + [root], of: leaves[index], at: index, size: size) == nil)
                if size > 1 {
                    #expect(HashTree.root(provenBy: path, of: leaves[index], at: (index + 1) % size, size: size) != root)
                    #expect(HashTree.root(provenBy: path.dropLast(), of: leaves[index], at: index, size: size) == nil)
                }
            }
            #expect(HashTree.root(provenBy: [], of: leaves[0], at: size, size: size) == nil)
        }
    }

    @Test func `Every consistency proof holds, and for no changed history`() {
        for size in 1...33 {
            let leaves = Self.leaves(size)
            let root = HashTree.root(leaves)
            for first in 1...size {
                let proof = HashTree.consistencyProof(from: first, in: leaves[...])
                let earlier = HashTree.root(leaves[..<first])
                #expect(HashTree.isConsistent((first, earlier), (size, root), proof), "\(first) \(size)")
                var changed = leaves
                changed[first / 2] = .leaf([7, 7, 7])
                #expect(!HashTree.isConsistent((first, HashTree.root(changed[..<first])), (size, root), proof), "\(first) \(size)")
                if first < size {
                    #expect(!HashTree.isConsistent((first, earlier), (size, HashTree.root(changed)), proof))
                    #expect(!HashTree.isConsistent((first, earlier), (size, root), proof.dropLast()))
                }
            }
        }
    }
}
