using System.IO.Compression;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>An executable assembly on the managed runtime <c>dotnet10</c>.</summary>
public sealed class DotnetFunctionTests
{
    [Fact]
    public async Task An_executable_assembly_takes_events_and_its_end_is_an_error()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.CreateFunction(
            "echo",
            "dotnet10",
            "echo",
            Package(),
            "\"MemorySize\":512,\"Timeout\":20,\"Architectures\":[\"arm64\"]"
        );

        var first = await cloud.Invoke("echo", """{"n":1}""", ("X-Amz-Log-Type", "Tail"));
        Assert.Equal("""{"n":1}""", first.Payload);
        Assert.Contains("echo {\"n\":1}\n", first.Log);
        Assert.Contains("Init Duration", first.Log);

        var second = await cloud.Invoke("echo", "\"error\"", ("X-Amz-Log-Type", "Tail"));
        Assert.Equal("Unhandled", second.FunctionError);
        Assert.Equal("EchoException", second.Json.GetProperty("errorType").GetString());
        Assert.DoesNotContain("Init Duration", second.Log);

        Assert.EndsWith(
            "Runtime exited with error: exit status 7",
            (await cloud.Invoke("echo", "\"exit\"")).Json.GetProperty("errorMessage").GetString()
        );
        Assert.Equal("2", (await cloud.Invoke("echo", "2")).Payload);
    }

    internal static byte[] Package()
    {
        var directory = Path.Combine(
            AppContext.BaseDirectory,
            "..",
            "..",
            "Echo",
            Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))
        );
        using var memory = new MemoryStream();
        ZipFile.CreateFromDirectory(directory, memory);
        return memory.ToArray();
    }
}
