namespace Amazon.CloudFormation.Model;

/// <summary>Part of CreateStack, UpdateStack, DescribeStacks, CreateChangeSet and DescribeChangeSet.</summary>
public sealed class Tag
{
    public string? Key { get; set; }

    public string? Value { get; set; }
}
