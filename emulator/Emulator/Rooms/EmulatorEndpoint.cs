namespace Disa.Emulator.Rooms;

/// <summary>Where the emulator listens: known once it does, before any worker starts.</summary>
public sealed class EmulatorEndpoint
{
    /// <summary>Such as <c>http://127.0.0.1:4566</c>.</summary>
    public Uri Uri { get; internal set; } = new("http://127.0.0.1:0");

    /// <summary>Opens the port where there is none yet: other processes, functions among them, reach the emulator by nothing else.</summary>
    internal Func<Task> Listen { get; set; } = () => Task.CompletedTask;

    /// <summary>The account of callers whose access key names none.</summary>
    public string DefaultAccount { get; init; } = "000000000000";
}
