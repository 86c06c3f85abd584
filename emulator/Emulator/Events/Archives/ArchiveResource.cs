using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Events;

internal sealed record ArchiveProperties(
    string? ArchiveName,
    string? SourceArn,
    string? Description,
    JsonElement? EventPattern,
    int? RetentionDays,
    string? KmsKeyIdentifier
);

/// <summary>CloudFormation's <c>AWS::Events::Archive</c>.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-archive.html</remarks>
internal sealed class ArchiveResource(CreateArchive create, UpdateArchive update, DeleteArchive delete, Archives archives) : IResource
{
    public string Type => "AWS::Events::Archive";

    public ResourceActions? Actions =>
        new(
            "events:DescribeArchive events:CreateArchive",
            "events:DescribeArchive events:UpdateArchive",
            "events:DescribeArchive events:DeleteArchive"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["ArchiveName"] = new(UpdateType.Replacement),
            ["SourceArn"] = new(UpdateType.Replacement, Required: true),
            ["Description"] = new(),
            ["EventPattern"] = new(),
            ["RetentionDays"] = new(),
            ["KmsKeyIdentifier"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => EventsTemplate.Default.ArchiveProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        var name = wanted.ArchiveName ?? request.GenerateName(Archives.LongestName);
        await create
            .Create(
                new CreateArchiveRequest(
                    name,
                    wanted.SourceArn,
                    wanted.Description,
                    Pattern(wanted),
                    wanted.RetentionDays,
                    wanted.KmsKeyIdentifier
                ),
                request.Caller,
                request.Token
            )
            .ConfigureAwait(false);
        return State(name, request.Caller.Scope);
    }

    /// <summary>A property that is left out now is reset.</summary>
    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        await update
            .Run(
                new UpdateArchiveRequest(
                    request.PhysicalId,
                    wanted.Description ?? "",
                    Pattern(wanted) ?? "",
                    wanted.RetentionDays ?? 0,
                    wanted.KmsKeyIdentifier
                ),
                request.Caller,
                cancellation
            )
            .ConfigureAwait(false);
        return State(request.PhysicalId!, request.Caller.Scope);
    }

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        if (archives.Bus.Archives.Get(request.Caller.Scope, request.PhysicalId!) is not null)
        {
            await delete.Run(new ArchiveRequest(request.PhysicalId), request.Caller, cancellation).ConfigureAwait(false);
        }
    }

    private static string? Pattern(ArchiveProperties wanted) =>
        wanted.EventPattern is { ValueKind: JsonValueKind.String } text ? text.GetString() : wanted.EventPattern?.GetRawText();

    private static ArchiveProperties Read(ResourceRequest request)
    {
        try
        {
            return request.Properties.Deserialize(EventsTemplate.Default.ArchiveProperties)!;
        }
        catch (JsonException failure)
        {
            throw EventsErrors.Validation(failure.Message);
        }
    }

    private static ResourceState State(string name, Scope scope) => ResourceState.Of(name, ("Arn", Archive.ArnOf(name, scope)));
}
