using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.StepFunctions;

/// <summary>What a template says of a version.</summary>
internal sealed record StateMachineVersionProperties
{
    public string? StateMachineArn { get; init; }

    public string? StateMachineRevisionId { get; init; }

    public string? Description { get; init; }
}

/// <summary><c>AWS::StepFunctions::StateMachineVersion</c>: Ref is the ARN with the number.</summary>
/// <remarks>
/// Whatever changes replaces it: the type has no update handler. A new version needs a new revision, so a template names
/// <c>!GetAtt Machine.StateMachineRevisionId</c>.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-stepfunctions-statemachineversion.html
/// </remarks>
internal sealed class StateMachineVersionResource(PublishStateMachineVersion publish, DeleteStateMachineVersion delete) : IResource
{
    public string Type => "AWS::StepFunctions::StateMachineVersion";

    public ResourceActions? Actions =>
        new(
            "states:PublishStateMachineVersion states:ListStateMachineVersions states:DescribeStateMachine",
            "",
            "states:DeleteStateMachineVersion states:DescribeStateMachine"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["StateMachineArn"] = new(UpdateType.Replacement, Required: true),
            ["StateMachineRevisionId"] = new(UpdateType.Replacement),
            ["Description"] = new(UpdateType.Replacement),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => StateMachineResourceJson.Default.StateMachineVersionProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = TemplateProperties.Read(request, StateMachineResourceJson.Default.StateMachineVersionProperties);
        var version = await publish
            .RunOnce(
                new PublishStateMachineVersionRequest
                {
                    StateMachineArn = wanted.StateMachineArn,
                    RevisionId = wanted.StateMachineRevisionId,
                    Description = wanted.Description,
                },
                request.Token
            )
            .ConfigureAwait(false);
        return ResourceState.Of(version.Arn, ("Arn", version.Arn));
    }

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) =>
        throw new AwsException("ValidationError", $"Update to resource type {Type} is not supported.");

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        delete.Run(new DeleteStateMachineVersionRequest { StateMachineVersionArn = request.PhysicalId }, request.Caller, cancellation);
}
