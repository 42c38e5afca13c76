/// Trees that grow together and are cut apart, and tell the root of a node in logarithmic time
/// whatever their depth (Sleator and Tarjan's link-cut trees, without turning a tree about).
///
/// THREAD asks before each link whether it would close a loop; walking up a chain of a hundred
/// thousand replies each time would let one sender hold up a worker for minutes (INV-9).
struct LinkedForest {
    /// The real parents; -1 for a root.
    private(set) var parents: [Int] = []

    // A splay tree for each preferred path, ordered by depth; `ups` of its root is the path's parent.
    private var lefts: [Int] = []
    private var rights: [Int] = []
    private var ups: [Int] = []

    private static let none = -1

    var count: Int { parents.count }

    /// A new node by itself.
    mutating func add() -> Int {
        parents.append(Self.none)
        lefts.append(Self.none)
        rights.append(Self.none)
        ups.append(Self.none)
        return parents.count - 1
    }

    func parent(of node: Int) -> Int? { parents[node] == Self.none ? nil : parents[node] }

    /// The root of a node's tree.
    mutating func root(of node: Int) -> Int {
        expose(node)
        var top = node
        while lefts[top] != Self.none { top = lefts[top] }
        // So that asking again is cheap.
        splay(top)
        return top
    }

    /// Makes a root the child of a node, unless that would close a loop.
    mutating func link(_ child: Int, under parent: Int) {
        guard parents[child] == Self.none, root(of: parent) != child else { return }
        expose(child)
        ups[child] = parent
        parents[child] = parent
    }

    /// Makes a node a root.
    mutating func cut(_ node: Int) {
        guard parents[node] != Self.none else { return }
        expose(node)
        let above = lefts[node]
        lefts[node] = Self.none
        if above != Self.none { ups[above] = Self.none }
        parents[node] = Self.none
    }

    // MARK: Splay trees

    /// Makes the path from the root to a node the preferred one, with the node at the splay tree's root.
    private mutating func expose(_ node: Int) {
        var below = Self.none
        var current = node
        while current != Self.none {
            splay(current)
            rights[current] = below
            below = current
            current = ups[current]
        }
        splay(node)
    }

    private func isSplayRoot(_ node: Int) -> Bool {
        let up = ups[node]
        return up == Self.none || (lefts[up] != node && rights[up] != node)
    }

    private mutating func splay(_ node: Int) {
        while !isSplayRoot(node) {
            let up = ups[node]
            if !isSplayRoot(up) {
                let isStraight = (lefts[ups[up]] == up) == (lefts[up] == node)
                rotate(isStraight ? up : node)
            }
            rotate(node)
        }
    }

    private mutating func rotate(_ node: Int) {
        let up = ups[node]
        let top = ups[up]
        if !isSplayRoot(up) {
            if lefts[top] == up { lefts[top] = node } else { rights[top] = node }
        }
        let inner: Int
        if lefts[up] == node {
            inner = rights[node]
            lefts[up] = inner
            rights[node] = up
        } else {
            inner = lefts[node]
            rights[up] = inner
            lefts[node] = up
        }
        if inner != Self.none { ups[inner] = up }
        ups[up] = node
        ups[node] = top
    }
}
