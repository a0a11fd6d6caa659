using System.Runtime.InteropServices;
using FakeRecorder;

return await Arguments.Parse(args) is { } script ? await RunAsync(script) : 64;

static async Task<int> RunAsync((RecorderScript Script, int Port) asked)
{
    await using var recorder = await RunningRecorder.StartAsync(asked.Script, asked.Port);
    Console.WriteLine(recorder.Address);
    var ended = new TaskCompletionSource();
    void End(PosixSignalContext signal)
    {
        signal.Cancel = true;
        ended.TrySetResult();
    }

    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
    await ended.Task;
    foreach (var complaint in recorder.Complaints)
        Console.WriteLine($"refused: {complaint}");
    Console.WriteLine($"{recorder.Requests.Count} requests on {recorder.Connections} connections, {recorder.WrongLogins} wrong logins");
    return 0;
}
