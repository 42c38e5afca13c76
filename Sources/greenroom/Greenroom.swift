@main
enum Greenroom {
    static func main() {}
}
