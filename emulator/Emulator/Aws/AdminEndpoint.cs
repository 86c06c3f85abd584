namespace Disa.Emulator.Aws;

/// <summary>Something that only the emulator has (its mailbox, its clock), under <c>/_disa/</c>.</summary>
/// <param name="Method">GET, POST, PUT or DELETE.</param>
/// <param name="Path">Below <c>/_disa/</c>: <c>inbox</c>; ending in <c>/*</c> it takes what follows, in <see cref="AdminRequest.Rest"/>.</param>
/// <param name="Run">Answers; an <see cref="AwsException"/> becomes its status and a JSON message.</param>
public sealed record AdminEndpoint(string Method, string Path, Func<AdminRequest, CancellationToken, Task<AdminResponse>> Run)
{
    /// <summary>Whether it needs no signature: those who have the address were given it.</summary>
    public bool IsOpen { get; init; }
}

/// <param name="Rest">What a path ending in <c>/*</c> took.</param>
/// <param name="Query">The query parameters.</param>
/// <param name="Body">The body's bytes.</param>
public sealed record AdminRequest(string Rest, IReadOnlyDictionary<string, string> Query, ReadOnlyMemory<byte> Body);

/// <param name="Body">The body's bytes.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Status">The HTTP status.</param>
public sealed record AdminResponse(ReadOnlyMemory<byte> Body, string ContentType = "application/json", int Status = 200);

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

/// <summary>What is known of an access key.</summary>
/// <param name="SecretAccessKey">Null where any secret is taken: keys that the emulator did not issue.</param>
/// <param name="SessionToken">The token that must come with a temporary key.</param>
/// <param name="Account">The account it belongs to.</param>
/// <param name="Principal">Who has it.</param>
/// <param name="UserId">The principal's unique id.</param>
public sealed record Credential(string? SecretAccessKey, string? SessionToken, string Account, Principal Principal, string UserId)
{
    /// <summary>Of a key that was never issued, or is deleted.</summary>
    public static readonly Credential Nobody = new(null, null, "", Principal.Nobody, "") { Active = false };

    /// <summary>False for a key that was switched off or deleted.</summary>
    public bool Active { get; init; } = true;

    /// <summary>The policy that AssumeRole was given for the session.</summary>
    public string? SessionPolicy { get; init; }

    /// <summary>When a temporary key ends, on the emulator's clock.</summary>
    public DateTimeOffset? Expiration { get; init; }
}
