using Amazon.CloudFormation.Model;

namespace Disa.Cli.Deploy;

/// <summary>A resource that a stack owns.</summary>
/// <param name="Stack">The id of the stack, or nested stack, that it is in.</param>
internal sealed record OwnedResource(string Stack, string LogicalId, string Type, string PhysicalId, string Status);

/// <summary>What there is to destroy.</summary>
/// <param name="Stack">Null where the root stack is gone already.</param>
/// <param name="Attached">The user's own table that the stack is attached to; null where it has one of its own.</param>
/// <param name="KeptBefore">Tables that an earlier destroy kept.</param>
/// <param name="Bootstrap">Null where it is gone.</param>
internal sealed record DeletionPlan(
    Stack? Stack,
    IReadOnlyList<OwnedResource> Resources,
    string? Attached,
    IReadOnlyList<string> KeptBefore,
    Stack? Bootstrap,
    string? Bucket,
    string? KeyArn
)
{
    public const string TableType = "AWS::DynamoDB::Table";

    public IEnumerable<OwnedResource> Tables => Resources.Where(resource => resource.Type == TableType);
}

/// <summary>What a destroy left, in words with the commands that remove it.</summary>
internal sealed record Destroyed(IReadOnlyList<string> Kept, IReadOnlyList<string> Later);
