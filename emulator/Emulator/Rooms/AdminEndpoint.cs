using Disa.Emulator.Aws;

namespace Disa.Emulator.Rooms;

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
