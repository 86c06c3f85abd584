namespace Disa.Emulator.Lambda;

/// <summary>The URL of a function or an alias, as it is kept.</summary>
/// <param name="Id">What its host begins with.</param>
/// <param name="AuthType">NONE or AWS_IAM.</param>
internal sealed record FunctionUrl(string Id, string AuthType, DateTimeOffset Created, DateTimeOffset LastModified)
{
    public Cors? Cors { get; init; }

    /// <summary>The CloudFormation step that made it.</summary>
    public string? Token { get; init; }
}

/// <summary>What pages of other origins may do with a function's URL.</summary>
internal sealed record Cors
{
    public bool? AllowCredentials { get; init; }

    public IReadOnlyList<string>? AllowHeaders { get; init; }

    public IReadOnlyList<string>? AllowMethods { get; init; }

    public IReadOnlyList<string>? AllowOrigins { get; init; }

    public IReadOnlyList<string>? ExposeHeaders { get; init; }

    /// <summary>Seconds.</summary>
    public int? MaxAge { get; init; }
}
