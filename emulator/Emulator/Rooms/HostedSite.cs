using Disa.Emulator.Aws;

namespace Disa.Emulator.Rooms;

/// <summary>What answers under host names of its own, and speaks no protocol of AWS there: the URLs of functions.</summary>
/// <param name="IsHost">Whether a host, with its port, is one of them.</param>
/// <param name="Service">Whose signatures count there.</param>
/// <param name="Run">Answers a request.</param>
internal sealed record HostedSite(
    Func<string, bool> IsHost,
    AwsService Service,
    Func<SiteRequest, CancellationToken, Task<SiteResponse>> Run
);

/// <summary>A request to such a host, as it came.</summary>
internal sealed record SiteRequest
{
    public required string Method { get; init; }

    /// <summary>With the port.</summary>
    public required string Host { get; init; }

    public required string Path { get; init; }

    public required string QueryString { get; init; }

    /// <summary>One that was sent several times is there as often.</summary>
    public required IReadOnlyList<(string Name, string Value)> Headers { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public required string RequestId { get; init; }

    public required string SourceIp { get; init; }

    /// <summary>Such as HTTP/1.1.</summary>
    public required string Protocol { get; init; }

    /// <summary>Who signed it; null where nobody did. Throws where the signature is wrong.</summary>
    public required Func<Caller?> Caller { get; init; }

    public string? Header(string name) =>
        Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}

/// <summary>The answer of such a host.</summary>
internal sealed record SiteResponse(int Status, IReadOnlyList<(string Name, string Value)> Headers, ReadOnlyMemory<byte> Body);
