internal import Base
internal import Config
internal import Control
internal import Gateway
internal import Reactor

@main
enum Greenroom {
    static func main() async {
        ProcessSignals.prepare()
        let log = Log.standardError()
        let reading = Configuration.load(directory: "config", from: SystemSecrets())
        guard let configuration = reading.configuration else {
            for problem in reading.problems { print(problem) }
            return
        }
        do {
            let machine = try Machine.live(loops: 2, log: log)
            await machine.main.spawn {
                do {
                    let gateway = try await Gateway.start(configuration, on: machine) { print("stopped: \($0)") }
                    for listener in gateway.listeners { print(listener.service.rawValue, listener.address) }
                    let signals = try ProcessSignals(on: machine.main)
                    _ = await signals.next()
                    await gateway.shutDown()
                } catch { print(error) }
            }.value
        } catch {
            print(error)
        }
    }
}
