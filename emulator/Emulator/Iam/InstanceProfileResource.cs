using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Iam;

/// <summary>What a template says of an instance profile.</summary>
internal sealed record InstanceProfileProperties(string? InstanceProfileName, string? Path, IReadOnlyList<string>? Roles);

/// <summary><c>AWS::IAM::InstanceProfile</c>: Ref is the name.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-instanceprofile.html</remarks>
internal sealed class InstanceProfileResource(Directory directory) : IResource
{
    private readonly InstanceProfiles profiles = new(directory);

    public string Type => "AWS::IAM::InstanceProfile";

    public ResourceActions? Actions =>
        new(
            "iam:CreateInstanceProfile iam:AddRoleToInstanceProfile iam:GetInstanceProfile",
            "iam:RemoveRoleFromInstanceProfile iam:AddRoleToInstanceProfile iam:GetInstanceProfile",
            "iam:GetInstanceProfile iam:RemoveRoleFromInstanceProfile iam:DeleteInstanceProfile"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["InstanceProfileName"] = new(UpdateType.Replacement),
            ["Path"] = new(UpdateType.Replacement),
            ["Roles"] = new(Required: true),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn"];

    public JsonTypeInfo Schema => IamTemplates.Default.InstanceProfileProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        var name = wanted.InstanceProfileName ?? request.GenerateName(128);
        return State(
            await directory
                .Database.Write(transaction =>
                {
                    if (profiles.Get(transaction, request.Caller, name) is { } existing && existing.CreatedBy == request.Token)
                    {
                        return existing;
                    }

                    var made = profiles.Make(transaction, new(name, wanted.Path, null), request.Caller) with { CreatedBy = request.Token };
                    return profiles.Give(transaction, made, wanted.Roles![0], request.Caller);
                })
                .ConfigureAwait(false)
        );
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        return State(
            await directory
                .Database.Write(transaction =>
                {
                    var present =
                        profiles.Get(transaction, request.Caller, request.PhysicalId!)
                        ?? throw IamErrors.NoSuch($"Instance Profile {request.PhysicalId} cannot be found.");
                    return profiles.Give(transaction, present with { Role = null }, wanted.Roles![0], request.Caller);
                })
                .ConfigureAwait(false)
        );
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        directory.Database.Write(transaction =>
        {
            if (profiles.Get(transaction, request.Caller, request.PhysicalId ?? "") is { } profile)
            {
                profiles.Remove(transaction, profile with { Role = null }, request.Caller);
            }
        });

    private static InstanceProfileProperties Read(ResourceRequest request)
    {
        var wanted = TemplateProperties.Read(request, IamTemplates.Default.InstanceProfileProperties);
        return wanted.Roles is [_]
            ? wanted
            : throw IamErrors.Invalid(
                $"Properties validation failed for resource {request.LogicalId} with message: [#/Roles: expected "
                    + (wanted.Roles is [] or null ? "minimum" : "maximum")
                    + $" item count: 1, found: {wanted.Roles?.Count ?? 0}]"
            );
    }

    private static ResourceState State(InstanceProfile profile) => ResourceState.Of(profile.Name, ("Arn", profile.Arn));
}
