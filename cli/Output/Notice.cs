using System.Text.Json.Serialization;

namespace Disa.Cli.Output;

/// <summary>A line on standard error where data is asked for as JSON: an error with its code, a remark, or what is in progress.</summary>
internal sealed record Notice
{
    /// <summary>Why the command did not do what it was asked to.</summary>
    public string? Error { get; init; }

    /// <summary>Of an error: Usage, Unreachable, Failed, Interrupted, Unexpected, or AWS's own code.</summary>
    public string? Code { get; init; }

    public string? Remark { get; init; }

    public string? Progress { get; init; }
}

/// <summary>Notices are lines: not indented.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Notice))]
internal sealed partial class NoticeJson : JsonSerializerContext;
