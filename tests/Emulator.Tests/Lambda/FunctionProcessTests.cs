using Disa.Emulator.Lambda;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>Whatever a function starts ends with it.</summary>
public sealed class FunctionProcessTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("disa-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("exit 0")] // by itself
    [InlineData("sleep 600")] // or with the pipe that the emulator holds, which is all that is left to close when the emulator is killed
    public async Task A_child_that_a_function_leaves_behind_ends_with_it(string last)
    {
        if (OperatingSystem.IsWindows() || FunctionRuntime.OnPath("setsid") is null)
        {
            return;
        }

        var said = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var process = new FunctionProcess(
            ["/bin/sh", "-c", $"sleep 600 & echo $!; {last}"],
            directory,
            new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
            line => said.TrySetResult(int.Parse(line))
        );
        await process.Start();
        using var child = System.Diagnostics.Process.GetProcessById(await said.Task);
        if (last != "exit 0")
        {
            process.Release();
        }

        await process.Exited.WaitAsync(TimeSpan.FromSeconds(30));
        await child.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
    }
}
