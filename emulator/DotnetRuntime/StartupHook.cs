using System.Diagnostics;

/// <summary>
/// Keeps a program from its Main until a debugger is attached. .NET calls it where <c>DOTNET_STARTUP_HOOKS</c> names this file, by the name
/// of the class, outside of all namespaces: https://github.com/dotnet/runtime/blob/main/docs/design/features/host-startup-hook.md.
/// </summary>
#pragma warning disable CA1050 // The name is .NET's.
internal static class StartupHook
{
    public static void Initialize()
    {
        // What the function starts itself does not wait.
        Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null);
        Console.Error.WriteLine($"Waiting for a debugger: attach to process {Environment.ProcessId} (.NET).");
        using var never = new ManualResetEventSlim();
        while (!Debugger.IsAttached)
        {
            // A debugger that attaches gives the program no signal; the property is all there is.
            never.Wait(TimeSpan.FromMilliseconds(100));
        }
    }
}
