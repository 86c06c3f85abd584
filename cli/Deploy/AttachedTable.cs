using Amazon.DynamoDBv2.Model;

namespace Disa.Cli.Deploy;

/// <summary>One change of the user's table, which CloudFormation cannot make: the table is in no stack of ours.</summary>
/// <param name="What">In words.</param>
/// <param name="Command">The same by hand.</param>
internal sealed record TableStep(string What, string Command, UpdateTableRequest Request);

/// <summary>A table that the user has, as Disa is to be attached to it.</summary>
/// <param name="Steps">What it lacks; empty where all is there.</param>
/// <param name="Parameters">What the root stack is told of it.</param>
/// <param name="Unsent">Items with a message and no status among the first that were looked at: they would be sent.</param>
/// <param name="LookedAt">How many were looked at; 0 where nobody looked, because the index is there already.</param>
/// <param name="Readers">Functions that read its stream already.</param>
/// <param name="MostReaders">How many readers of a shard AWS advises at most: two, of a global table one.</param>
internal sealed record AttachedTable(
    string Arn,
    string Name,
    IReadOnlyList<TableStep> Steps,
    IReadOnlyDictionary<string, string> Parameters,
    int Unsent,
    int LookedAt,
    IReadOnlyList<string> Readers,
    int MostReaders
)
{
    /// <summary>Whether another reader is one too many.</summary>
    public bool IsCrowded => Readers.Count >= MostReaders;
}
