using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

internal sealed record FunctionProperties : FunctionSettings
{
    public InlineCode? Code { get; init; }

    public string? PackageType { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }

    public int? ReservedConcurrentExecutions { get; init; }

    public IReadOnlyList<ResourceTag>? Tags { get; init; }
}

/// <summary>A package in a template: in S3, or as source text.</summary>
internal sealed record InlineCode
{
    public string? ZipFile { get; init; }

    public string? S3Bucket { get; init; }

    public string? S3Key { get; init; }

    public string? S3ObjectVersion { get; init; }

    public string? ImageUri { get; init; }
}

internal sealed record ResourceTag(string Key, string Value);

/// <summary><c>AWS::Lambda::Function</c>: Ref is the name.</summary>
internal sealed class FunctionResource(
    FunctionStore functions,
    FunctionCodeSource source,
    FunctionActivation activation,
    Func<string, Scope, bool> roleExists
) : IResource
{
    public string Type => "AWS::Lambda::Function";

    public ResourceActions? Actions =>
        new("lambda:CreateFunction", "lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration", "lambda:DeleteFunction");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["FunctionName"] = new(UpdateType.Replacement),
            ["PackageType"] = new(UpdateType.Replacement),
            ["Code"] = new(Required: true),
            ["Role"] = new(Required: true),
            ["Runtime"] = new(),
            ["Handler"] = new(),
            ["Description"] = new(),
            ["Timeout"] = new(),
            ["MemorySize"] = new(),
            ["Environment"] = new(),
            ["TracingConfig"] = new(),
            ["DeadLetterConfig"] = new(),
            ["EphemeralStorage"] = new(),
            ["LoggingConfig"] = new(),
            ["SnapStart"] = new(),
            ["VpcConfig"] = new(),
            ["Layers"] = new(),
            ["Architectures"] = new(),
            ["ReservedConcurrentExecutions"] = new(),
            ["Tags"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => LambdaResourceJson.Default.FunctionProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = LambdaResources.Read(request, LambdaResourceJson.Default.FunctionProperties);
        var name = properties.FunctionName ?? request.GenerateName(64);
        await CreateFunction
            .Run(
                functions,
                source,
                roleExists,
                new CreateFunctionRequest
                {
                    FunctionName = name,
                    Runtime = properties.Runtime,
                    Role = properties.Role,
                    Handler = properties.Handler,
                    Description = properties.Description,
                    Timeout = properties.Timeout,
                    MemorySize = properties.MemorySize,
                    Environment = properties.Environment,
                    TracingConfig = properties.TracingConfig,
                    DeadLetterConfig = properties.DeadLetterConfig,
                    EphemeralStorage = properties.EphemeralStorage,
                    LoggingConfig = properties.LoggingConfig,
                    SnapStart = properties.SnapStart,
                    VpcConfig = properties.VpcConfig,
                    Layers = properties.Layers,
                    PackageType = properties.PackageType,
                    Architectures = properties.Architectures,
                    Code = Location(properties),
                    Tags = LambdaResources.Tags(request, properties.Tags),
                },
                request.Caller,
                request.Token
            )
            .ConfigureAwait(false);
        await Reserve(name, properties, request).ConfigureAwait(false);
        await activation.Activate(request.Caller.Scope, name).ConfigureAwait(false);
        return State(request, name);
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = LambdaResources.Read(request, LambdaResourceJson.Default.FunctionProperties);
        var (scope, name) = (request.Caller.Scope, request.PhysicalId!);
        var reference = new FunctionReference(scope, name, null);
        await activation.Activate(scope, name).ConfigureAwait(false);
        if (!roleExists(properties.Role ?? "", scope))
        {
            throw LambdaErrors.Invalid("The role defined for the function cannot be assumed by Lambda.");
        }

        var isCodeChanged = !JsonElement.DeepEquals(request.Properties.GetProperty("Code"), request.PreviousProperties.GetProperty("Code"));
        var package = isCodeChanged ? await source.Fetch(Location(properties), request.Caller).ConfigureAwait(false) : null;
        await FunctionChange
            .Run(
                functions,
                reference,
                null,
                dryRun: false,
                publish: false,
                (transaction, current) =>
                {
                    if (package is not null)
                    {
                        FunctionStore.PutCode(transaction, scope.Account, package);
                    }

                    // What the template no longer sets is as if it never had been.
                    return properties.ApplyTo(
                        new FunctionVersion
                        {
                            Runtime = properties.Runtime ?? current.Runtime,
                            Handler = properties.Handler ?? current.Handler,
                            Role = current.Role,
                            CodeSha256 = package?.Sha256 ?? current.CodeSha256,
                            CodeSize = package?.Zip.Length ?? current.CodeSize,
                            UnzippedSize = package?.UnzippedSize ?? current.UnzippedSize,
                            Architecture = properties.Architectures is { Count: > 0 } architectures ? architectures[0] : "x86_64",
                            LastModified = current.LastModified,
                            RevisionId = current.RevisionId,
                        },
                        functions.Layers,
                        scope
                    );
                }
            )
            .ConfigureAwait(false);
        await Reserve(name, properties, request).ConfigureAwait(false);
        await activation.Activate(scope, name).ConfigureAwait(false);
        return State(request, name);
    }

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        if (functions.Functions.Get(request.Caller.Scope, request.PhysicalId!) is not null)
        {
            await DeleteFunction
                .Run(functions, new DeleteFunctionRequest { FunctionName = request.PhysicalId }, request.Caller)
                .ConfigureAwait(false);
        }
    }

    private Task Reserve(string name, FunctionProperties properties, ResourceRequest request) =>
        functions.Database.Write(transaction =>
        {
            var function = functions.Get(transaction, new FunctionReference(request.Caller.Scope, name, null));
            functions.Put(
                transaction,
                request.Caller.Scope,
                function with
                {
                    ReservedConcurrency = properties.ReservedConcurrentExecutions,
                    Tags = LambdaResources.Tags(request, properties.Tags),
                }
            );
        });

    private static FunctionCodeLocation Location(FunctionProperties properties)
    {
        var code = properties.Code ?? new InlineCode();
        return new FunctionCodeLocation
        {
            ZipFile = code.ZipFile is { } text ? Pack(text, properties.Runtime ?? "") : null,
            S3Bucket = code.S3Bucket,
            S3Key = code.S3Key,
            S3ObjectVersion = code.S3ObjectVersion,
            ImageUri = code.ImageUri,
        };
    }

    /// <summary>Source text becomes the one file of a package, as CloudFormation makes it: <c>index.py</c> or <c>index.js</c>.</summary>
    private static byte[] Pack(string text, string runtime)
    {
        const int limit = 4 * 1024 * 1024;
        if (!FunctionRuntime.IsPython(runtime) && !FunctionRuntime.IsNode(runtime))
        {
            throw LambdaErrors.Invalid(
                $"ZipFile can only be used when Runtime is set to one of the Python or Node.js runtimes, not {runtime}."
            );
        }

        if (Encoding.UTF8.GetByteCount(text) > limit)
        {
            throw LambdaErrors.Invalid($"Inline code must be smaller than {limit} bytes.");
        }

        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = zip.CreateEntry(FunctionRuntime.IsPython(runtime) ? "index.py" : "index.js");
            Write(entry, text);
            if (ResponseModule.For(text, FunctionRuntime.IsPython(runtime)) is var (name, module))
            {
                Write(zip.CreateEntry(name), module);
            }
        }

        return memory.ToArray();
    }

    private static void Write(ZipArchiveEntry entry, string text)
    {
        // The same text is the same package, whenever it is made.
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var stream = entry.Open();
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    private static ResourceState State(ResourceRequest request, string name) =>
        ResourceState.Of(name, ("Arn", FunctionReference.ArnOf(request.Caller.Scope, name)));
}

/// <summary>What the room's resource types share.</summary>
internal static class LambdaResources
{
    public static T Read<T>(ResourceRequest request, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return request.Properties.Deserialize(type)!;
        }
        catch (JsonException failure)
        {
            throw new AwsException("ValidationError", $"Properties validation failed for resource {request.LogicalId}: {failure.Message}");
        }
    }

    public static Dictionary<string, string> Tags(ResourceRequest request, IReadOnlyList<ResourceTag>? tags)
    {
        var all = request.StackTags.ToDictionary();
        foreach (var tag in tags ?? [])
        {
            all[tag.Key] = tag.Value;
        }

        return all;
    }
}

/// <summary>Properties as templates write them: numbers and booleans may be texts.</summary>
[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(BooleanTextConverter)]
)]
[JsonSerializable(typeof(FunctionProperties))]
[JsonSerializable(typeof(EventSourceMappingProperties))]
[JsonSerializable(typeof(PermissionProperties))]
[JsonSerializable(typeof(UrlProperties))]
[JsonSerializable(typeof(VersionProperties))]
[JsonSerializable(typeof(AliasProperties))]
[JsonSerializable(typeof(EventInvokeConfigProperties))]
[JsonSerializable(typeof(LayerVersionProperties))]
[JsonSerializable(typeof(LayerVersionPermissionProperties))]
internal sealed partial class LambdaResourceJson : JsonSerializerContext;
