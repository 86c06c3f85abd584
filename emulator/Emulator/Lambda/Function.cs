using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Lambda;

/// <summary>A function as it is kept: its unpublished version, what was published of it, and what belongs to all of them.</summary>
internal sealed record Function(string Name, FunctionVersion Latest)
{
    public IReadOnlyList<FunctionVersion> Published { get; init; } = [];

    /// <summary>Versions are numbered on even where one was deleted.</summary>
    public int LastVersion { get; init; }

    public IReadOnlyList<Alias> Aliases { get; init; } = [];

    /// <summary>Policy statements by qualifier; the empty one is the function's own.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PolicyStatement>> Policies { get; init; } =
        new Dictionary<string, IReadOnlyList<PolicyStatement>>();

    /// <summary>By qualifier; the empty one is <c>$LATEST</c>.</summary>
    public IReadOnlyDictionary<string, EventInvokeConfig> EventInvoke { get; init; } = new Dictionary<string, EventInvokeConfig>();

    /// <summary>By alias; the empty one is the function's own.</summary>
    public IReadOnlyDictionary<string, FunctionUrl> Urls { get; init; } = new Dictionary<string, FunctionUrl>();

    public int? ReservedConcurrency { get; init; }

    /// <summary>How many environments are kept ready, by version or alias.</summary>
    public IReadOnlyDictionary<string, ProvisionedConcurrency> Provisioned { get; init; } =
        new Dictionary<string, ProvisionedConcurrency>();

    /// <summary><c>Allow</c> or <c>Terminate</c>: what becomes of a function that calls itself through other services.</summary>
    public string RecursiveLoop { get; init; } = "Terminate";

    /// <summary>Which configuration says whose code it may run; null for anybody's.</summary>
    public string? CodeSigningConfigArn { get; init; }

    /// <summary>When each version's runtime is updated: by version, <c>$LATEST</c> too; <c>Auto</c> for those that are not here.</summary>
    public IReadOnlyDictionary<string, RuntimeManagement> RuntimeManagement { get; init; } = new Dictionary<string, RuntimeManagement>();

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The CloudFormation step that made it.</summary>
    public string? Token { get; init; }

    /// <summary>The version that a qualifier names: none and <c>$LATEST</c>, a number, or an alias. Null where there is none.</summary>
    public FunctionVersion? Resolve(string? qualifier)
    {
        if (qualifier is null or FunctionVersion.Unpublished)
        {
            return Latest;
        }

        return Numbered(Aliases.FirstOrDefault(alias => alias.Name == qualifier)?.FunctionVersion ?? qualifier);
    }

    /// <summary>The version that an invocation goes to: of an alias with weights, by lot.</summary>
    /// <param name="lot">From 0 to 1.</param>
    public FunctionVersion? Route(string? qualifier, double lot)
    {
        if (Aliases.FirstOrDefault(alias => alias.Name == qualifier)?.Weights is { } weights)
        {
            foreach (var (version, weight) in weights)
            {
                if (lot < weight)
                {
                    return Numbered(version);
                }
            }
        }

        return Resolve(qualifier);
    }

    /// <summary>Of <c>$LATEST</c>, of a version or of an alias: each has revisions of its own.</summary>
    public string RevisionOf(string? qualifier) =>
        Aliases.FirstOrDefault(alias => alias.Name == qualifier)?.RevisionId ?? (Resolve(qualifier) ?? Latest).RevisionId;

    /// <summary>With a new revision of what a qualifier names: tags and policies change it too (recorded on AWS).</summary>
    /// <param name="qualifier">None is <c>$LATEST</c>.</param>
    /// <param name="revision">The new one.</param>
    public Function Revised(string? qualifier, string revision) =>
        qualifier is null or FunctionVersion.Unpublished
            ? this with
            {
                Latest = Latest with { RevisionId = revision },
            }
            : this with
            {
                Aliases = [.. Aliases.Select(alias => alias.Name == qualifier ? alias with { RevisionId = revision } : alias)],
                Published = [.. Published.Select(one => one.Version == qualifier ? one with { RevisionId = revision } : one)],
            };

    /// <summary>Whether environments of a version are kept ready, for itself or for an alias that names it.</summary>
    public bool IsProvisioned(string version) =>
        Provisioned.ContainsKey(version) || Aliases.Any(alias => alias.FunctionVersion == version && Provisioned.ContainsKey(alias.Name));

    private FunctionVersion? Numbered(string version) =>
        version == FunctionVersion.Unpublished ? Latest : Published.FirstOrDefault(published => published.Version == version);
}

/// <summary>One version's configuration and state.</summary>
internal sealed record FunctionVersion
{
    public const string Unpublished = "$LATEST";

    public string Version { get; init; } = Unpublished;

    public string Description { get; init; } = "";

    public required string Runtime { get; init; }

    public required string Handler { get; init; }

    public required string Role { get; init; }

    /// <summary>Base64, as AWS answers it; under it the package is kept.</summary>
    public required string CodeSha256 { get; init; }

    public required long CodeSize { get; init; }

    /// <summary>Bytes of the package's files, unpacked; 0 for those that were there before this was kept.</summary>
    public long UnzippedSize { get; init; }

    /// <summary>MB.</summary>
    public int MemorySize { get; init; } = 128;

    /// <summary>Seconds.</summary>
    public int Timeout { get; init; } = 3;

    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    public string Architecture { get; init; } = "x86_64";

    /// <summary>MB.</summary>
    public int EphemeralStorage { get; init; } = 512;

    public string TracingMode { get; init; } = "PassThrough";

    public string? DeadLetterTarget { get; init; }

    public string? LogGroup { get; init; }

    /// <summary><c>Text</c> or <c>JSON</c>.</summary>
    public string LogFormat { get; init; } = "Text";

    /// <summary>The least level that the function itself logs with; null where lines are texts.</summary>
    public string? ApplicationLogLevel { get; init; }

    /// <summary>The least level of the platform's own lines; null where lines are texts.</summary>
    public string? SystemLogLevel { get; init; }

    public required DateTimeOffset LastModified { get; init; }

    public required string RevisionId { get; init; }

    public string State { get; init; } = "Active";

    public string? StateReason { get; init; }

    public string? StateReasonCode { get; init; }

    public string LastUpdateStatus { get; init; } = "Successful";

    /// <summary>Its layers, the first one first.</summary>
    public IReadOnlyList<FunctionLayer> Layers { get; init; } = [];

    /// <summary>
    /// Another one for everything that processes run with: unlike the revision, it stays where only tags or a policy change.
    /// </summary>
    public string? Build { get; init; }

    [JsonIgnore]
    public bool IsUpdating => State != "Pending" && LastUpdateStatus == "InProgress";
}

/// <summary>A layer's version as a function uses it, also once the layer itself is deleted.</summary>
/// <param name="Arn">Of the version; its account keeps the package.</param>
/// <param name="UnzippedSize">Bytes of its files, unpacked.</param>
internal sealed record FunctionLayer(string Arn, string CodeSha256, long CodeSize, long UnzippedSize);

/// <param name="Requested">Environments.</param>
/// <param name="Since">When it was asked for.</param>
internal sealed record ProvisionedConcurrency(int Requested, DateTimeOffset Since);

/// <summary>A name for a version.</summary>
internal sealed record Alias(string Name, string FunctionVersion, string Description, string RevisionId)
{
    /// <summary>Another version, and which share of the invocations it gets.</summary>
    public IReadOnlyDictionary<string, double>? Weights { get; init; }

    /// <summary>The CloudFormation step that made it.</summary>
    public string? Token { get; init; }
}

/// <param name="UpdateRuntimeOn"><c>Auto</c>, <c>FunctionUpdate</c> or <c>Manual</c>.</param>
internal sealed record RuntimeManagement(string UpdateRuntimeOn, string? RuntimeVersionArn);

/// <summary>One statement of a resource policy, as AddPermission was given it.</summary>
internal sealed record PolicyStatement(string Sid, string Action, string Principal)
{
    public string? SourceArn { get; init; }

    public string? SourceAccount { get; init; }

    public string? EventSourceToken { get; init; }

    public string? PrincipalOrgId { get; init; }

    /// <summary>NONE or AWS_IAM: for requests to URLs of that kind.</summary>
    public string? FunctionUrlAuthType { get; init; }

    /// <summary>For requests to the function's URL, or for others.</summary>
    public bool? InvokedViaFunctionUrl { get; init; }
}

/// <summary>How asynchronous invocations are retried, and where their records go.</summary>
internal sealed record EventInvokeConfig(DateTimeOffset LastModified)
{
    public int? MaximumRetryAttempts { get; init; }

    public int? MaximumEventAgeInSeconds { get; init; }

    public string? OnSuccess { get; init; }

    public string? OnFailure { get; init; }
}

/// <summary>How the room's documents are written on disk.</summary>
[JsonSerializable(typeof(Function))]
internal sealed partial class LambdaDocuments : JsonSerializerContext;
